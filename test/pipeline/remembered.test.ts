import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { stageCodes } from '../../src/fingerprint/stage-code.ts';
import { type LoadOptions, loadPipeline } from '../../src/pipeline/load.ts';
import { memoName, recall, rememberable } from '../../src/pipeline/remembered.ts';
import { ok } from '../../src/util/result.ts';

const text = `pipeline: small
env: [MODE]
params: {rows: 3}
stages:
  a: {uses: ./kind.js, matrix: {n: [1, 2]}, with: {rows: "\${params.rows}"}}
`;
const kind = `export const k = { kind: 'k', version: 1, description: 'x',
  params: { type: 'object', additionalProperties: false, properties: { rows: { type: 'integer' } } },
  inputs: {}, outputs: { table: { type: 'table', description: 'x' } }, run: async () => ({ ok: true, value: undefined }) };
`;

let folder: string;
let file: string;
const options = (more: Partial<LoadOptions> = {}): LoadOptions => ({ env: { MODE: 'x', OTHER: 'y' }, ...more });

/** Another process: nothing is known of modules. The loader itself is TypeScript here, which not every Node reads: its digest is given. */
const code = (loader = 'this version'): ReturnType<typeof stageCodes> => {
  const ofKinds = stageCodes(folder, {});
  const closure = { modules: {}, packages: {}, files: {}, unknown: [] };
  return (loaded) => (loaded.module.endsWith('load.ts') ? ok({ digest: loader, text: '', closure }) : ofKinds(loaded));
};

async function remember(given = options()): Promise<string> {
  const loaded = await loadPipeline(file, given);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  const memo = join(folder, 'memo');
  writeFileSync(memo, rememberable(file, given, loaded.value, code()) ?? '');
  return memo;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pipe-remembered-'));
  file = join(folder, 'p.yaml');
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  writeFileSync(file, text);
  writeFileSync(join(folder, 'kind.js'), kind);
});

test('what is recalled is what would be loaded', async () => {
  const memo = await remember();
  const loaded = await loadPipeline(file, options());
  expect(await recall(memo, file, options(), code())).toEqual(loaded.ok && loaded.value);
});

test.each<[string, () => LoadOptions | undefined]>([
  ['its text', () => void writeFileSync(file, text.replace('rows: 3', 'rows: 4'))],
  ['the code of a kind', () => void writeFileSync(join(folder, 'kind.js'), kind.replace("'integer'", "'number'"))],
  ['a declared variable', () => options({ env: { MODE: 'z', OTHER: 'y' } })],
])('nothing is recalled after %s changed', async (_, change) => {
  const memo = await remember();
  const given = change() ?? options();
  expect(await recall(memo, file, given, code())).toBeUndefined();
});

test('nothing is recalled by another version of pipe', async () => {
  const memo = await remember();
  expect(await recall(memo, file, options(), code())).toBeDefined();
  expect(await recall(memo, file, options(), code('another version'))).toBeUndefined();
});

test('an undeclared variable, and a comment in the code of a kind, change nothing', async () => {
  const memo = await remember();
  writeFileSync(join(folder, 'kind.js'), `// a comment\n${kind}`);
  expect(await recall(memo, file, options({ env: { MODE: 'x', OTHER: 'other' } }), code())).toBeDefined();
});

test('nothing is recalled where the project has another root now', async () => {
  const inner = join(folder, 'studies');
  mkdirSync(inner);
  file = join(inner, 'p.yaml');
  writeFileSync(file, text.replace('./kind.js', '../kind.js'));
  const memo = await remember();
  expect(await recall(memo, file, options(), code())).toBeDefined();
  writeFileSync(join(inner, 'package.json'), '{}');
  expect(await recall(memo, file, options(), code())).toBeUndefined();
});

test('a memo that is damaged or missing is none', async () => {
  const memo = await remember();
  for (const content of ['', '{', 'null', '{"text": 1}']) {
    writeFileSync(memo, content);
    expect(await recall(memo, file, options(), code())).toBeUndefined();
  }
});

test('other options are remembered under other names', () => {
  const names = [
    memoName(file, options()),
    memoName(file, options({ profile: 'x' })),
    memoName(file, options({ set: ['a=1'] })),
    memoName(file, options({ set: ['a=2'] })),
    memoName(file, options({ paramsFile: 'x' })),
    memoName(`${file}2`, options()),
  ];
  expect(new Set(names).size).toBe(names.length);
});
