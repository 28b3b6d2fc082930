import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Two stages of the user's own kinds, without any TensorFlow: a run of it takes about a second. */
export const chainText = `pipeline: chain
params: {rows: 3, factor: 2}
stages:
  make: {uses: ./kinds/make.js, with: {rows: "\${params.rows}"}}
  scale: {uses: ./kinds/scale.js, from: {table: make}, with: {factor: "\${params.factor}"}}
`;

export const makeKind = `
export const make = {
  kind: 'make', version: 1, description: 'numbers from 0',
  params: { type: 'object', additionalProperties: false, properties: { rows: { type: 'integer' } } },
  inputs: {},
  outputs: { table: { type: 'table', description: 'the numbers' } },
  run: async ({ params, outputs }) => {
    outputs.table.write({ columns: [{ name: 'x', kind: 'number', values: Int32Array.from({ length: params.rows }, (_, row) => row) }] });
    return { ok: true, value: undefined };
  },
};
`;

export const scaleKind = `
import { scaled } from './arithmetic.js';
export const scale = {
  kind: 'scale', version: 1, description: 'numbers times a factor',
  params: { type: 'object', additionalProperties: false, properties: { factor: { type: 'integer' } } },
  inputs: { table: { type: 'table', description: 'numbers' } },
  outputs: { table: { type: 'table', description: 'scaled numbers' } },
  run: async ({ params, inputs, outputs }) => {
    const values = Int32Array.from(inputs.table.artifact.numbers('x'), (value) => scaled(value, params.factor));
    outputs.table.write({ columns: [{ name: 'x', kind: 'number', values }] });
    return { ok: true, value: undefined };
  },
};
`;

export const arithmetic = `
export function scaled(value, factor) {
  const result = value * factor;
  return result;
}
`;

export interface Chain {
  readonly folder: string;
  readonly file: string;
  readonly store: string;
  /** Puts another text into a file of the project. */
  write(name: string, text: string): void;
}

/** A project with the chain in a folder of its own; `files` replaces or adds some. */
export function makeChain(files: Readonly<Record<string, string>> = {}): Chain {
  const folder = mkdtempSync(join(tmpdir(), 'pipe-chain-'));
  mkdirSync(join(folder, 'kinds'));
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const content = {
    'package.json': '{"type": "module"}',
    'chain.yaml': chainText,
    'kinds/make.js': makeKind,
    'kinds/scale.js': scaleKind,
    'kinds/arithmetic.js': arithmetic,
    ...files,
  };
  for (const [name, text] of Object.entries(content)) write(name, text);
  return { folder, file: join(folder, 'chain.yaml'), store: join(folder, 'artifacts'), write };
}
