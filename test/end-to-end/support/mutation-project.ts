import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Texts of a project whose stages use all that code can be made of. Seven jobs: read and clean are two each. */
const files: Readonly<Record<string, string>> = {
  'package.json': '{"name": "study", "type": "module", "imports": {"#titles": "./lib/titles.js"}}\n',
  'package-lock.json': '{"lockfileVersion": 3}\n',
  'README.md': 'A study.\n',
  'study.yaml': `pipeline: study
env: [STUDY_MODE]
params: {seed: 3, factor: 2, limit: 9, rows: 3, spare: 1}
stages:
  read:
    matrix: {side: [left, right]}
    uses: ./kinds/read.js
    with: {file: "data/\${matrix.side}.csv"}
  clean:
    matrix: {side: [left, right]}
    uses: ./kinds/clean.js
    from: {table: "read[\${matrix.side}]"}
    with: {limit: "\${params.limit}"}
  scale:
    uses: ./kinds/scale.js
    from: {tables: "clean[*]"}
    with: {factor: "\${params.factor}", steps: [1, 2]}
  draw:
    uses: ./kinds/draw.js
    from: {table: scale}
    with: {rows: "\${params.rows}"}
  summary:
    uses: ./kinds/summary.js
    from: {scaled: scale, drawn: draw}
`,
  'data/left.csv': 'x\n1\n2\n12\n',
  'data/right.csv': 'x\n4\n5\n6\n',
  'kinds/read.js': `import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { numbersOf } from '../lib/csv.js';
import { table } from '../lib/table.js';
export const read = {
  kind: 'read', version: 1, description: 'numbers of a file',
  params: { type: 'object', additionalProperties: false, properties: { file: { type: 'string' } } },
  inputs: {},
  outputs: { table: { type: 'table', description: 'the numbers' } },
  external: async ({ params, root }) => ({ ok: true, value: { files: { table: join(root, params.file) }, identity: {}, notice: '' } }),
  run: async ({ files, outputs }) => {
    outputs.table.write(table(numbersOf(readFileSync(files.table, 'utf8'))));
    return { ok: true, value: undefined };
  },
};
`,
  'kinds/clean.js': `import { table } from '../lib/table.js';
import { clamp, keep } from '../lib/rules.js';
export const clean = {
  kind: 'clean', version: 1, description: 'numbers in their range',
  params: { type: 'object', additionalProperties: false, properties: { limit: { type: 'integer' } } },
  inputs: { table: { type: 'table', description: 'numbers' } },
  outputs: { table: { type: 'table', description: 'clean numbers' } },
  run: async ({ params, inputs, outputs }) => {
    const kept = [...inputs.table.artifact.numbers('x')].filter((value) => keep(value));
    outputs.table.write(table(kept.map((value) => clamp(value, params.limit))));
    return { ok: true, value: undefined };
  },
};
`,
  'kinds/scale.js': `import { table } from '../lib/table.js';
import { Scaler, shift } from '../lib/index.js';
import limits from '../lib/limits.json' with { type: 'json' };
export const scale = {
  kind: 'scale', version: 1, description: 'scaled numbers',
  params: { type: 'object', additionalProperties: false, properties: { factor: { type: 'integer' }, steps: { type: 'array', items: { type: 'integer' } } } },
  inputs: { tables: { type: 'table', many: true, description: 'numbers' } },
  outputs: { table: { type: 'table', description: 'scaled numbers' } },
  run: async ({ params, inputs, outputs }) => {
    const scaler = new Scaler(params.factor);
    const all = inputs.tables.flatMap(({ artifact }) => [...artifact.numbers('x')]);
    outputs.table.write(table(all.map((value) => Math.min(limits.largest, shift(scaler.times(value))))));
    return { ok: true, value: undefined };
  },
};
`,
  'kinds/draw.js': `import '../lib/setup.js';
import { table } from '../lib/table.js';
export const draw = {
  kind: 'draw', version: 1, description: 'numbers with noise',
  params: { type: 'object', additionalProperties: false, properties: { rows: { type: 'integer' } } },
  inputs: { table: { type: 'table', description: 'numbers' } },
  outputs: { table: { type: 'table', description: 'numbers with noise' } },
  seeded: true,
  run: async ({ params, inputs, outputs, seed }) => {
    const { noise } = await import('../lib/noise.js');
    const values = [...inputs.table.artifact.numbers('x')].slice(0, params.rows);
    outputs.table.write(table(values.map((value, row) => value + noise(seed, row) + globalThis.studyBase)));
    return { ok: true, value: undefined };
  },
};
`,
  'kinds/summary.js': `import { readFileSync } from 'node:fs';
import { table } from '../lib/table.js';
import tool from 'tool';
import { own } from 'own-tool';
import { title } from '#titles';
import format from '../lib/format.cjs';
export const summary = {
  kind: 'summary', version: 1, description: 'a few numbers about the others',
  params: { type: 'object', additionalProperties: false, properties: {} },
  inputs: { scaled: { type: 'table', description: 'numbers' }, drawn: { type: 'table', description: 'numbers' } },
  outputs: { table: { type: 'table', description: 'the summary' } },
  run: async ({ inputs, outputs }) => {
    const words = readFileSync(new URL('../lib/words.txt', import.meta.url), 'utf8');
    const sum = (list) => [...list].reduce((total, value) => total + value, 0);
    const numbers = [sum(inputs.scaled.artifact.numbers('x')), sum(inputs.drawn.artifact.numbers('x'))];
    outputs.table.write(table([...numbers, tool(1), own(1), format(1), words.length, title.length]));
    return { ok: true, value: undefined };
  },
};
`,
  'lib/table.js': `export function table(values) {
  return { columns: [{ name: 'x', kind: 'number', values: Float64Array.from(values) }] };
}
`,
  'lib/csv.js': `// Numbers of a file with one column.
const separator = /\\r?\\n/;
export function numbersOf(text, skipped = 1) {
  const lines = text.trim().split(separator);
  return lines.slice(skipped).map((line) => Number(line));
}
export function unusedParser(text) {
  return text.split(',');
}
`,
  'lib/rules.js': `const smallest = 2;
const names = { low: 'too low', high: 'too high' };
export function keep(value) {
  if (value >= smallest) return true;
  return false;
}
export function clamp(value, limit) {
  search: for (let step = 0; step < 3; step++) {
    switch (step) {
      case 1:
        break search;
      default:
        continue search;
    }
  }
  return value > limit ? limit : value;
}
export function nameOf(key) {
  return names[key];
}
`,
  'lib/index.js': `export { Scaler } from './scaler.js';
export * from './shift.js';
export const neverUsed = 1;
`,
  'lib/scaler.js': `const options = { base: 1, power: 1 };
export class Scaler {
  #factor;
  constructor(factor) {
    this.#factor = factor;
  }
  get factor() {
    return this.#factor * options.base;
  }
  times(value) {
    const { factor } = this;
    return value * factor ** options.power;
  }
}
`,
  'lib/shift.js': `const parts = [1, 2];
const more = [...parts, 3];
export function shift(value) {
  return value + more.length;
}
export function other(value) {
  return value - more.length;
}
`,
  'lib/limits.json': '{"largest": 100, "unit": "x"}\n',
  'lib/setup.js': `import { base } from './base.js';
globalThis.studyBase = base;
`,
  'lib/base.js': 'export const base = 10;\n',
  'lib/noise.js': `const label = (row) => \`row \${row}\`;
export function noise(seed, row) {
  return (seed % 7) + label(row).length;
}
export function silence() {
  return 0;
}
`,
  'lib/titles.js': "export const title = 'A title';\n",
  'lib/format.cjs': `'use strict';
const digits = require('./digits.cjs');
module.exports = function format(value) {
  return Number(value.toFixed(digits));
};
`,
  'lib/digits.cjs': 'module.exports = 2;\n',
  'lib/words.txt': 'some words\n',
  'own-tool/package.json': '{"name": "own-tool", "version": "1.0.0", "type": "module", "exports": "./index.js"}\n',
  'own-tool/index.js': 'export function own(value) {\n  return value + 1;\n}\n',
  'node_modules/tool/package.json':
    '{"name": "tool", "version": "1.2.3", "type": "module", "exports": "./index.js", "dependencies": {"part": "^2.0.0"}}\n',
  'node_modules/tool/index.js': "import part from 'part';\nexport default (value) => part(value) + 1;\n",
  'node_modules/part/package.json': '{"name": "part", "version": "2.0.1", "type": "module", "exports": "./index.js"}\n',
  'node_modules/part/index.js': 'export default (value) => value * 2;\n',
  'node_modules/apart/package.json': '{"name": "apart", "version": "0.1.0"}\n',
};

/** Ids of all jobs of the project. */
export const allJobs = ['clean[left]', 'clean[right]', 'draw', 'read[left]', 'read[right]', 'scale', 'summary'];

/** Writes the project into a folder of its own. */
export function makeMutationProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pipe-mutations-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  symlinkSync('../own-tool', join(folder, 'node_modules/own-tool'));
  return folder;
}

/** A project to edit. */
export interface Edited {
  readonly folder: string;
  /** Replaces a text that must be there, everywhere in a file. */
  replace(file: string, from: string | RegExp, to: string): void;
  write(file: string, text: string): void;
  read(file: string): string;
  rename(from: string, to: string): void;
}

/** A copy of a project with its store: same content, same times. */
export function copyProject(from: string): Edited {
  const folder = mkdtempSync(join(tmpdir(), 'pipe-mutated-'));
  cpSync(from, folder, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  const replace = (file: string, text: string | RegExp, to: string): void => {
    const before = read(file);
    const after = before.replaceAll(typeof text === 'string' ? text : new RegExp(text.source, 'g'), to);
    if (after === before) throw new Error(`${file} has no ${text}`);
    write(file, after);
  };
  const rename = (old: string, now: string): void => renameSync(join(folder, old), join(folder, now));
  return { folder, replace, write, read, rename };
}
