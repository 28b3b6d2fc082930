import { type Chain, makeChain, scaleKind } from './chain.ts';

/** A data file outside of the store, a matrix stage, and a stage that takes many: numbers are read, scaled by each factor, added. */
export const fanText = `pipeline: fan
env: [FAN_MODE]
params: {seed: 1, factors: [2, 3], offset: 0}
profiles: {other: {offset: 5}}
stages:
  read: {uses: ./kinds/read.js, with: {file: numbers.txt}}
  scale:
    matrix: {factor: "\${params.factors}"}
    uses: ./kinds/scale.js
    from: {table: read}
    with: {factor: "\${matrix.factor}"}
  add: {uses: ./kinds/add.js, from: {tables: "scale[*]"}, with: {offset: "\${params.offset}"}}
`;

const readKind = `
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
export const read = {
  kind: 'read', version: 1, description: 'numbers of a file',
  params: { type: 'object', additionalProperties: false, properties: { file: { type: 'string' } } },
  inputs: {},
  outputs: { table: { type: 'table', description: 'the numbers' } },
  external: async ({ params, root }) => ({ ok: true, value: { files: { [params.file]: join(root, params.file) }, identity: { form: 'lines' }, notice: '' } }),
  run: async ({ params, files, outputs }) => {
    const values = Int32Array.from(readFileSync(files[params.file], 'utf8').trim().split('\\n'), Number);
    outputs.table.write({ columns: [{ name: 'x', kind: 'number', values }] });
    return { ok: true, value: undefined };
  },
};
`;

const addKind = `
export const add = {
  kind: 'add', version: 1, description: 'sums of tables, row by row',
  params: { type: 'object', additionalProperties: false, properties: { offset: { type: 'integer' } } },
  inputs: { tables: { type: 'table', many: true, description: 'numbers' } },
  outputs: { table: { type: 'table', description: 'sums' } },
  run: async ({ params, inputs, outputs }) => {
    const tables = inputs.tables.map(({ artifact }) => artifact.numbers('x'));
    const values = Int32Array.from(tables[0], (_, row) => tables.reduce((sum, table) => sum + table[row], params.offset));
    outputs.table.write({ columns: [{ name: 'x', kind: 'number', values }] });
    return { ok: true, value: undefined };
  },
};
`;

/** A project with the fan in a folder of its own. */
export function makeFan(files: Readonly<Record<string, string>> = {}): Chain {
  return makeChain({
    'chain.yaml': fanText,
    'numbers.txt': '1\n2\n3\n',
    'kinds/read.js': readKind,
    'kinds/add.js': addKind,
    'kinds/scale.js': scaleKind,
    ...files,
  });
}
