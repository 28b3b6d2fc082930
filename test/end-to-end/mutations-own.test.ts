import { cpSync, mkdtempSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, test } from 'vitest';
import { codeClosure, type SummaryMemo } from '../../src/fingerprint/closure.ts';

// Edits of pipe's own TypeScript, compiled: which of its stage kinds get another code closure.
const kinds = ['evaluate', 'fit', 'fold', 'grid-search', 'ingest', 'normalise', 'report', 'split'];
/** A search has its folds' code in it: their kind is its own part. */
const training = ['fit', 'fold', 'grid-search'];

/** File, text that must be in it, and what stands in its place. */
type Edit = readonly [file: string, from: string, to: string];

const root = realpathSync(mkdtempSync(join(tmpdir(), 'pipe-own-')));
const memo: SummaryMemo = {};
let before: Readonly<Record<string, string>>;

async function closures(): Promise<Readonly<Record<string, string>>> {
  const options = ['-p', root, '--incremental', '--declaration', 'false', '--sourceMap', 'false'];
  await execa(process.execPath, [resolve('node_modules/typescript/bin/tsc'), ...options], { all: true });
  const dist = join(root, 'dist');
  return Object.fromEntries(
    kinds.map((kind) => {
      const closure = codeClosure(join(dist, 'stages', `${kind}.js`), '*', dist, memo);
      if (!closure.ok) throw new Error(closure.error.message);
      expect(closure.value.unknown).toEqual([]);
      const { modules, packages } = closure.value;
      return [kind, JSON.stringify({ modules, packages })];
    }),
  );
}

/** Kinds whose closure the edits change; the sources are put back. */
async function changedBy(edits: readonly Edit[]): Promise<string[]> {
  const texts = new Map<string, string>();
  for (const [file, from, to] of edits) {
    const path = join(root, file);
    const text = readFileSync(path, 'utf8');
    if (!texts.has(path)) texts.set(path, text);
    if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
    writeFileSync(path, text.replaceAll(from, to));
  }
  try {
    const after = await closures();
    return kinds.filter((kind) => after[kind] !== before[kind]);
  } finally {
    for (const [path, text] of texts) writeFileSync(path, text);
  }
}

beforeAll(async () => {
  for (const name of ['src', 'stages', 'tsconfig.json', 'package.json'])
    cpSync(resolve(name), join(root, name), { recursive: true });
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'));
  before = await closures();
});

describe('edits that mean the same change no kind', () => {
  const comments: readonly Edit[] = [
    ['src/tensorflow/train.ts', 'export interface Trained {', '// What comes of it.\nexport interface Trained {'],
    ['src/util/random.ts', '/** A seeded stream', '/** A stream with a seed: a seeded stream'],
    ['stages/split.ts', 'run: async (', '/* Divides. */\n  run: async ('],
    ['src/report/section-answer.ts', 'const ranked =', '\n\n    const ranked\n =\n '],
  ];
  const types: readonly Edit[] = [
    [
      'src/tensorflow/train.ts',
      'export interface Trained {',
      'export type Later = number;\nexport interface Trained {\n  readonly later?: Later;',
    ],
    [
      'src/tensorflow/early-stopping.ts',
      'export interface StoppingState',
      'export type Epochs = number;\nexport interface StoppingState',
    ],
    ['src/split/assign.ts', 'const counts = exact', 'const counts: number[] = exact'],
    ['src/report/format.ts', 'value.toFixed(4)', '(value as number).toFixed(4)'],
    ['src/errors/failure.ts', 'readonly detail?: string;', 'readonly detail?: string;\n  readonly since?: number;'],
    [
      'src/data/stratified-sample.ts',
      'import { createRandom }',
      "import type { Random } from '../util/random.ts';\nexport type Sampler = Random;\nimport { createRandom }",
    ],
  ];
  const names: readonly Edit[] = [
    ['src/tensorflow/early-stopping.ts', 'current', 'latest'],
    ['src/util/random.ts', 'warmUp', 'round'],
    ['src/split/assign.ts', 'strata', 'layers'],
    ['stages/fit.ts', 'chosen', 'picked'],
    ['src/report/section-answer.ts', 'level', 'cheapest'],
  ];
  const unreached: readonly Edit[] = [
    ['src/util/result.ts', 'export function err', 'export function neither(): void {}\nexport function err'],
    ['src/errors/failure.ts', "lines.join('\\n')", "lines.join('\\r\\n')"],
    ['src/cli/version.ts', 'package.json is missing', 'there is no package.json'],
    ['src/terminal/state.ts', 'export interface RunState', 'export const unseen = 1;\nexport interface RunState'],
    ['src/run/run-stages.ts', '/** A job that waited', 'export const never = [1].map(String);\n/** A job that waited'],
    [
      'src/report/format.ts',
      'export const unknown',
      "export const nobody = new Map([['a', 1]]);\nexport const unknown",
    ],
    [
      'src/model/layers.ts',
      'export const layerForms',
      'export const spare = Object.freeze({ a: 1 });\nexport const layerForms',
    ],
  ];
  test.each([
    ['comments and formatting', comments],
    ['types', types],
    ['local names', names],
    ['what no kind reaches', unreached],
  ])('%s', async (_, edits) => {
    expect(await changedBy(edits)).toEqual([]);
  });
});

describe('edits that mean something else change the kinds that reach them, and no other', () => {
  test.each<[string, Edit, readonly string[]]>([
    ['a message of a kind', ['stages/evaluate.ts', 'or evaluate on other rows', 'or on other rows'], ['evaluate']],
    ['what a kind logs', ['stages/split.ts', 'folds`);', 'folds made`);'], ['split']],
    ['a default of a kind’s params', ['stages/normalise.ts', 'default: 255', 'default: 256'], ['normalise']],
    [
      'the shares of a split',
      ['src/split/assign.ts', 'left.index - right.index', 'right.index - left.index'],
      [...training, 'split'],
    ],
    ['the sample of an ingest', ['src/data/stratified-sample.ts', "'ingest limit'", "'limit'"], ['ingest']],
    ['early stopping', ['src/tensorflow/early-stopping.ts', 'wait >= patience', 'wait > patience'], training],
    ['a column of a fit’s history', ['src/tensorflow/tables.ts', "numbers('loss'", "numbers('cost'"], training],
    [
      'how weights are read',
      [
        'src/tensorflow/tables.ts',
        'export function readWeights(artifact: Artifact): WeightValues[] {',
        'export function readWeights(artifact: Artifact): WeightValues[] {\n  void artifact.metadata;',
      ],
      ['evaluate'],
    ],
    ['a sentence of the report', ['src/report/section-answer.ts', 'but not clearly', 'not clearly'], ['report']],
    ['a digit in the report', ['src/report/format.ts', 'value.toFixed(4)', 'value.toFixed(3)'], ['report']],
    ['the report’s style', ['src/report/style.ts', '--paper: #fff', '--paper: #eee'], ['report']],
    [
      'something that a module of the report does when it is loaded',
      ['src/report/format.ts', 'export const unknown', "process.title = 'report';\nexport const unknown"],
      ['report'],
    ],
    ['the ranks of a search', ['src/search/statistics.ts', '1 + comparable', '0 + comparable'], ['grid-search']],
    [
      'the generator of random numbers',
      ['src/util/random.ts', 'warmUp < 12', 'warmUp < 13'],
      ['evaluate', ...training, 'ingest', 'split'],
    ],
    [
      'how weights are written',
      [
        'src/tensorflow/tables.ts',
        'weightColumns(weights: readonly WeightValues[]): Column[] {',
        'weightColumns(weights: readonly WeightValues[]): Column[] {\n  void weights.length;',
      ],
      ['fit'],
    ],
    ['a layer’s definition', ['src/model/layers.ts', 'dropout', 'dropOut'], ['fit', 'grid-search']],
    ['how failures are made', ['src/errors/failure.ts', 'code,\n    message,', 'message,\n    code,'], kinds],
    ['how kinds are defined', ['src/stage/stage-kind.ts', '  return kind;', '  return { ...kind };'], kinds],
  ])('%s', async (_, edit, expected) => {
    expect(await changedBy([edit])).toEqual(expected);
  });
});
