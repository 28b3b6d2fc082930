import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { makeStudy, pipelineText, run, start } from './study.ts';
import { type Chain, chainText, makeChain } from './support/chain.ts';

// Mistakes are found before anything runs: each at its line and column, with what would be right.
let chain: Chain;

beforeAll(async () => {
  chain = makeChain();
  await run(chain);
});

function allFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
}

async function refused(name: string, text: string, ...args: readonly string[]): Promise<string> {
  const file = join(chain.folder, name);
  writeFileSync(file, text);
  const before = allFiles(chain.store);
  const { exitCode, stdout, stderr } = await start(['run', file, '--store', chain.store, ...args]);
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).not.toMatch(/\n {4}at /);
  expect(allFiles(chain.store)).toEqual(before);
  return stderr;
}

test.each<[string, string, string, RegExp]>([
  [
    'a value of the wrong type',
    'rows: "${params.rows}"',
    'rows: many',
    /^\S+\.yaml:4:46: "rows" must be a whole number, got "many"/,
  ],
  ['an artifact that no stage makes', 'table: make}', 'table: maek}', /^\S+\.yaml:5:\d+: .*\n {2}did you mean "make"/],
  [
    'stages that wait for each other',
    'rows}"}}',
    'rows}"}, needs: [scale]}',
    /^\S+\.yaml:\d+:\d+: .*wait for each other/,
  ],
  [
    'an input that is not given',
    ', from: {table: make}',
    '',
    /^\S+\.yaml:5:\d+: stage "scale" lacks its input "table"/,
  ],
  [
    'a key that stands twice',
    'params:',
    'pipeline: twice\nparams:',
    /^\S+\.yaml:2:1: the key "pipeline" stands twice\n {2}first on line 1/,
  ],
  ['a kind without a file', 'kinds/make.js', 'kinds/mkae.js', /^\S+\.yaml:4:\d+: there is no file \.\/kinds\/mkae\.js/],
  ['an unknown key', 'params:', 'parms:', /^\S+\.yaml:2:1: "parms" is not known here\n {2}did you mean "params"/],
])('%s is told with its place before anything runs, and the store stays as it was', async (_, from, to, expected) => {
  expect(chainText).toContain(from);
  expect(await refused('mistake.yaml', chainText.replace(from, to))).toMatch(expected);
});

test.each<[string, string, string, RegExp]>([
  [
    'a hyperparameter',
    '{dropout: [0.1, 0.3]}',
    '{droput: [0.1]}',
    /^\S+\.yaml:\d+:\d+: .*\n {2}did you mean "dropout"/,
  ],
  ['a value of a hyperparameter', '{dropout: [0.1, 0.3]}', '{dropout: [0.1, 1.5]}', /^\S+\.yaml:\d+:\d+: .*1\.5/],
  ['an optimizer', 'optimizer: adam', 'optimizer: adma', /^\S+\.yaml:\d+:\d+: .*\n {2}.*"adam"/],
  ['an activation', 'activation: relu', 'activation: rleu', /^\S+\.yaml:\d+:\d+: .*\n {2}.*"relu"/],
])('a mistake in %s of a model is told the same way', async (_, from, to, expected) => {
  expect(pipelineText).toContain(from);
  expect(await refused('model.yaml', pipelineText.replace(from, to))).toMatch(expected);
});

test('several mistakes are told at once', async () => {
  const text = chainText.replace('with: {rows', 'with: {rws').replace('with: {factor', 'with: {fctor');
  const told = await refused('several.yaml', text);
  expect(told).toMatch(/did you mean "rows".*did you mean "factor".*2 mistakes/s);
});

test.each<[readonly string[], RegExp]>([
  [['--set', 'row=3'], /did you mean "rows"/],
  [['--set', 'rows'], /there is no "="/],
  [['--set', 'rows=[1'], /--set rows=\[1: /],
  [['--set', 'rows=many'], /must be a whole number, got "many"\n {2}the value is that of \$\{params\.rows\}/],
  [['--params', 'nowhere.yaml'], /nowhere\.yaml/],
])('%j is refused, and the store stays as it was', async (args, expected) => {
  expect(await refused('chain.yaml', chainText, ...args)).toMatch(expected);
});

test('aliases that would fill the memory are refused', async () => {
  const levels = Array.from({ length: 12 }, (_, n) => {
    const below = n === 0 ? 'x' : `*a${n - 1}`;
    return `  l${n}: &a${n} [${new Array(9).fill(below).join(', ')}]`;
  });
  const text = `pipeline: bomb\nparams:\n${levels.join('\n')}\n${chainText.slice(chainText.indexOf('stages:'))}`;
  expect(await refused('bomb.yaml', text)).toMatch(/bomb\.yaml.*alias/);
});

test('a pipeline that is not text, or too large, is refused in words', async () => {
  expect(await refused('binary.yaml', '\u0000\u0001\u0002')).toMatch(/binary\.yaml/);
  expect(await refused('large.yaml', `# ${'x'.repeat(2 ** 21)}\n${chainText}`)).toMatch(/large\.yaml has \d+ bytes/);
  expect(await refused('empty.yaml', '')).toMatch(/empty\.yaml/);
});

test('labels and images that are exchanged are told by the names of their files', async () => {
  const study = makeStudy();
  const name = join(study.folder, 'data', 'emnist-byclass-train-images-idx3-ubyte');
  writeFileSync(name, Buffer.from([0, 0, 8, 1, 0, 0, 0, 2, 1, 2]));
  const { exitCode, stdout, stderr } = await start(['run', study.file]);
  expect(exitCode).toBe(1);
  expect(`${stdout}${stderr}`).toMatch(/emnist-byclass-train-images-idx3-ubyte has 1 axes/);
});
