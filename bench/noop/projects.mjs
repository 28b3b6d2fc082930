import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const chains = 10;
const links = 10;
export const stageCount = chains * links;

/** The stages of all three: chains in which each stage reads the file of the one before and writes a short one. */
function stages() {
  return Array.from({ length: stageCount }, (_, index) => {
    const [chain, link] = [Math.floor(index / links), index % links];
    return {
      name: `s${chain}_${link}`,
      before: link === 0 ? undefined : `s${chain}_${link - 1}`,
      text: `${chain} ${link}`,
    };
  });
}

function project(folder, files) {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
}

export function pipeProject(folder) {
  const lines = stages().map(({ name, before, text }) =>
    before === undefined
      ? `  ${name}: {uses: command, with: {run: 'echo "${text}" > "$PIPE_OUTPUT/out.txt"'}}`
      : `  ${name}: {uses: command, from: {inputs: [${before}]}, with: {run: '(cat "$PIPE_INPUT_${before.toUpperCase()}"; echo "${text}") > "$PIPE_OUTPUT/out.txt"'}}`,
  );
  project(folder, { 'package.json': '{}', 'pipeline.yaml': `pipeline: noop\nstages:\n${lines.join('\n')}\n` });
}

export function dvcProject(folder, dvc) {
  const lines = stages().map(({ name, before, text }) => {
    const cmd =
      before === undefined ? `echo "${text}" > ${name}.txt` : `(cat ${before}.txt; echo "${text}") > ${name}.txt`;
    const deps = before === undefined ? '' : `    deps: [${before}.txt]\n`;
    return `  ${name}:\n    cmd: '${cmd}'\n${deps}    outs: [${name}.txt]\n`;
  });
  project(folder, { 'dvc.yaml': `stages:\n${lines.join('')}` });
  const run = (program, programArguments) => execFileSync(program, programArguments, { cwd: folder, stdio: 'ignore' });
  run('git', ['init', '--quiet']);
  run(dvc, ['init', '--quiet']);
  run(dvc, ['config', 'core.analytics', 'false']);
}

export function snakemakeProject(folder) {
  const rules = stages().map(({ name, before, text }) => {
    const input = before === undefined ? '' : `    input: "${before}.txt"\n`;
    const shell = before === undefined ? `echo '${text}' > {output}` : `(cat {input}; echo '${text}') > {output}`;
    return `rule ${name}:\n${input}    output: "${name}.txt"\n    shell: "${shell}"\n`;
  });
  const last = Array.from({ length: chains }, (_, chain) => `"s${chain}_${links - 1}.txt"`).join(', ');
  project(folder, { Snakefile: `rule all:\n    input: ${last}\n${rules.join('')}` });
}

/** A pipeline of many stages for pipe alone: a matrix over chains of ten, or each stage written out. */
export function manyStages(folder, count, style) {
  const width = count / links;
  const with_ = (text) => `{run: 'echo ${text} > "$PIPE_OUTPUT/out.txt"'}`;
  const lines = [];
  if (style === 'matrix') {
    const values = Array.from({ length: width }, (_, index) => index).join(', ');
    for (let link = 0; link < links; link++) {
      const from = link === 0 ? '' : `, from: {inputs: ["s${link - 1}[\${matrix.n}]"]}`;
      lines.push(`  s${link}: {matrix: {n: [${values}]}, uses: command, with: ${with_('${matrix.n}')}${from}}`);
    }
  } else {
    for (let chain = 0; chain < width; chain++) {
      for (let link = 0; link < links; link++) {
        const from = link === 0 ? '' : `, from: {inputs: [s${chain}_${link - 1}]}`;
        lines.push(`  s${chain}_${link}: {uses: command, with: ${with_(chain)}${from}}`);
      }
    }
  }
  project(folder, { 'package.json': '{}', 'pipeline.yaml': `pipeline: many\nstages:\n${lines.join('\n')}\n` });
}
