import { expect, test } from 'vitest';
import type { FingerprintTree } from '../../src/fingerprint/fingerprint.ts';
import { type Closures, changesBetween } from '../../src/plan/changes.ts';

const tree: FingerprintTree = {
  format: 2,
  kind: 'fit',
  version: 1,
  code: 'c1',
  params: { model: { layers: [{ dense: { units: 8 } }, { dropout: { rate: 0.1 } }], epochs: 3 }, grid: [1, 2] },
  inputs: {
    samples: [{ from: '', matrix: {}, digest: 'd1' }],
    many: [{ from: 'fit[a]', matrix: { model: 'a' }, digest: 'd2' }],
  },
  external: { files: { 'data/a.csv': 'f1' }, identity: { source: 'files' } },
  env: { MODE: 'x' },
  seed: 7,
  outputs: { weights: 'weights' },
  compute: { backend: 'native', version: '2.21', device: 'cpu', architecture: 'x64', threads: 1 },
};
const closure = {
  modules: { 'stages/fit': { run: 'm1', helper: 'm2' }, 'src/old': { gone: 'm3' } },
  packages: { tool: '1.2.3' },
};
const closures = { before: closure, after: closure };

function changed(edit: Partial<FingerprintTree>, after: Closures['after'] = closure) {
  return changesBetween(tree, { ...tree, ...edit }, { before: closure, after });
}

test('equal fingerprints have no changes', () => {
  expect(changesBetween(tree, structuredClone(tree), closures)).toEqual([]);
});

test.each<[string, Partial<FingerprintTree>, object]>([
  [
    'a value deep in the parameters, inside of a list of maps',
    {
      params: { ...tree.params, model: { layers: [{ dense: { units: 16 } }, { dropout: { rate: 0.1 } }], epochs: 3 } },
    },
    { kind: 'parameter', leaf: 'with.model.layers[0].dense.units', before: 8, after: 16 },
  ],
  [
    'a list of values is one leaf',
    { params: { ...tree.params, grid: [1, 2, 3] } },
    { kind: 'parameter', leaf: 'with.grid', before: [1, 2], after: [1, 2, 3] },
  ],
  [
    'a parameter that is new',
    { params: { ...tree.params, x: null } },
    { kind: 'parameter', leaf: 'with.x', after: null },
  ],
  [
    'a data file',
    { external: { files: { 'data/a.csv': 'f2' }, identity: { source: 'files' } } },
    { kind: 'data', leaf: 'data/a.csv', before: 'f1', after: 'f2' },
  ],
  [
    'an environment variable',
    { env: { MODE: 'y' } },
    { kind: 'environment', leaf: 'env.MODE', before: 'x', after: 'y' },
  ],
  ['the seed', { seed: 8 }, { kind: 'seed', leaf: 'seed', before: 7, after: 8 }],
  [
    'the compute class',
    { compute: { backend: 'native', version: '2.21', device: 'cpu', architecture: 'x64', threads: 2 } },
    { kind: 'compute', leaf: 'compute.threads', before: 1, after: 2 },
  ],
  [
    'an input',
    { inputs: { ...tree.inputs, samples: [{ from: '', matrix: {}, digest: 'd9' }] } },
    { kind: 'input', leaf: 'samples', before: 'd1', after: 'd9' },
  ],
  [
    'one of many inputs, with whose it is',
    {
      inputs: { ...tree.inputs, many: [...(tree.inputs['many'] ?? []), { from: 'fit[b]', matrix: {}, digest: 'd5' }] },
    },
    { kind: 'input', leaf: 'many', from: 'fit[b]', after: 'd5' },
  ],
  ['the version of the kind', { version: 2 }, { kind: 'kind', leaf: 'version of the kind', before: 1, after: 2 }],
])('%s is named with its old and new value', (_, edit, change) => {
  expect(changed(edit)).toEqual([change]);
});

test('a change of code names the declarations, and packages their versions', () => {
  const after = { modules: { 'stages/fit': { run: 'm9', helper: 'm2', added: 'm4' } }, packages: { tool: '1.2.4' } };
  expect(changed({ code: 'c2' }, after)).toEqual([
    { kind: 'code', leaf: 'src/old', before: true },
    { kind: 'code', leaf: 'stages/fit: added', after: true },
    { kind: 'code', leaf: 'stages/fit: run', before: true, after: true },
    { kind: 'package', leaf: 'tool', before: '1.2.3', after: '1.2.4' },
  ]);
});

test('code whose earlier form is not kept is told as a whole', () => {
  expect(changesBetween(tree, { ...tree, code: 'c2' }, { before: undefined, after: closure })).toEqual([
    { kind: 'code', leaf: 'the code of the stage' },
  ]);
});

test('causes stand before inputs, which are consequences', () => {
  const kinds = changed({
    seed: 1,
    params: {},
    inputs: { samples: [{ from: '', matrix: {}, digest: 'd9' }] },
  }).map(({ kind }) => kind);
  expect(kinds.indexOf('input')).toBe(kinds.lastIndexOf('seed') + 1);
});
