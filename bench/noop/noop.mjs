// A hundred trivial stages by DVC, Snakemake and pipe, in turns: the first run, and the run with nothing to do. Then pipe
// alone: its start, and plans of more and more stages. npm run bench:noop [-- rounds]
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machine, root, runProgram, writeResult } from '../common.mjs';
import { dvcProject, manyStages, pipeProject, snakemakeProject, stageCount } from './projects.mjs';

const rounds = Number(process.argv[2] ?? 5);
const work = mkdtempSync(join(tmpdir(), 'pipe-noop-'));
const programs = findPrograms();
const cli = join(root, 'dist/src/cli/main.js');

/** The programs in the folder that PIPE_NOOP_PROGRAMS names, else installed into a new one. */
function findPrograms() {
  const named = process.env.PIPE_NOOP_PROGRAMS;
  if (named !== undefined) return named;
  console.error('setting up DVC and Snakemake (PIPE_NOOP_PROGRAMS names a folder that has them)');
  execFileSync('python3', ['-m', 'venv', join(work, 'python')]);
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement'];
  execFileSync(join(work, 'python/bin/python'), [...install, join(root, 'bench/noop/requirements.txt')], {
    stdio: 'inherit',
  });
  return join(work, 'python/bin');
}

const { PIPE_STORE: _, ...environment } = process.env;
const env = { ...environment, PATH: `${programs}:${environment.PATH}`, DVC_NO_ANALYTICS: '1' };

/** Wall time from start to exit of a process, in seconds. It must end well. */
function time(program, programArguments, cwd) {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(program, programArguments, {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0)
    throw new Error(`${program} ${programArguments.join(' ')} ended with ${status}:\n${stdout}\n${stderr}`);
  return seconds;
}

const dvc = join(programs, 'dvc');
const sides = {
  pipe: {
    make: pipeProject,
    run: (folder) => time(process.execPath, [cli, 'run', 'pipeline.yaml', '--quiet'], folder),
  },
  DVC: { make: (folder) => dvcProject(folder, dvc), run: (folder) => time(dvc, ['repro', '--quiet'], folder) },
  Snakemake: {
    make: snakemakeProject,
    run: (folder) => time(join(programs, 'snakemake'), ['--cores', '2', '--quiet', 'all'], folder),
  },
};

const measurements = [];
const measure = (row) => {
  measurements.push(row);
  console.error(
    Object.values(row)
      .map((value) => (typeof value === 'number' ? value.toFixed(3) : value))
      .join('  '),
  );
};
for (let round = 0; round < rounds; round++) {
  for (const [side, { make, run }] of Object.entries(sides)) {
    const folder = join(work, `${side}-${round}`);
    make(folder);
    measure({ what: 'first run', side, seconds: run(folder) });
    for (let again = 0; again < 3; again++) measure({ what: 'nothing to do', side, seconds: run(folder) });
    rmSync(folder, { recursive: true, force: true });
  }
  measure({ what: 'pipe --version', side: 'pipe', seconds: time(process.execPath, [cli, '--version'], work) });
  measure({ what: 'pipe --version', side: 'node alone', seconds: time(process.execPath, ['-e', '0'], work) });
}
for (const style of ['matrix', 'written out']) {
  for (const count of style === 'matrix' ? [100, 1000, 10_000] : [100, 1000, 5000]) {
    for (let round = 0; round < Math.min(3, rounds); round++) {
      const folder = join(work, `many-${count}`);
      manyStages(folder, count, style);
      const plan = () => time(process.execPath, [cli, 'plan', 'pipeline.yaml'], folder);
      measure({ what: 'plan', side: 'pipe', style, stages: count, first: plan(), seconds: plan() });
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

const version = (program, pattern) => pattern.exec(runProgram(program, ['--version'], { env }))?.[1] ?? '';
writeResult(join(root, 'bench/results/noop.json'), {
  machine: machine(),
  versions: {
    pipe: runProgram(process.execPath, [cli, '--version'], { env }).trim(),
    node: process.versions.node,
    DVC: version(dvc, /([\d.]+)/),
    Snakemake: version(join(programs, 'snakemake'), /([\d.]+)/),
  },
  settings: { stages: stageCount, rounds },
  measurements,
});
rmSync(work, { recursive: true, force: true });
