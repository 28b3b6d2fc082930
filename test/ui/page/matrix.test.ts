import { expect, test } from 'vitest';
import { bestFirst, createMatrix, type Matrix, meanOf, placeOf, putJob } from '../../../src/ui/page/matrix.ts';
import type { JobView } from '../../../src/ui/page/run-model.ts';

const job = (name: string, score?: number): JobView => ({
  job: name,
  stage: 'search[cnn]',
  status: 'done',
  fingerprint: '',
  attempt: 1,
  points: [],
  ...(score === undefined ? {} : { score }),
});

function matrixOf(...jobs: readonly JobView[]): Matrix {
  const matrix = createMatrix();
  for (const one of jobs) putJob(matrix, one);
  return matrix;
}

test.each([
  ['search[cnn] fold 2/3 dropout=0.2', 'dropout=0.2', 'fold 2/3'],
  ['search[cnn] fold 2/3', '', 'fold 2/3'],
  ['search[cnn] without fold 1, fold 2/3 a=1', 'a=1', 'without fold 1, fold 2/3'],
  ['search[cnn] seed 4/5 a=1 b=2', 'a=1 b=2', 'seed 4/5'],
  ['search[cnn] something else', 'something else', ''],
])('%s stands in row %j and column %j', (name, row, column) => {
  expect(placeOf({ job: name, stage: 'search[cnn]' })).toEqual({ row, column });
});

test('one fold tells how many there are: their columns are there before they begin, in the order of their numbers', () => {
  const { columns } = matrixOf(job('search[cnn] fold 11/12 a=1'));
  expect(columns).toHaveLength(12);
  expect([columns[1], columns[9]]).toEqual(['fold 2/12', 'fold 10/12']);
});

test('a name that promises a million folds gets one column', () => {
  expect(matrixOf(job('search[cnn] fold 1/1000000 a=1')).columns).toEqual(['fold 1/1000000']);
});

test('the best mean comes first, rows without a score last in their order, and what diverged counts as none', () => {
  const { rows } = matrixOf(
    job('search[cnn] fold 1/2 a=1'),
    job('search[cnn] fold 1/2 a=2', 0.5),
    job('search[cnn] fold 2/2 a=2', 0.7),
    job('search[cnn] fold 1/2 a=3', 0.9),
    job('search[cnn] fold 1/2 a=4', Number.NaN),
  );
  expect(bestFirst(rows).map(({ label }) => label)).toEqual(['a=3', 'a=2', 'a=1', 'a=4']);
  expect(rows.map(meanOf)).toEqual([undefined, 0.6, 0.9, undefined]);
});

test("a stage's own job is no cell of its table", () => {
  expect(matrixOf(job('search[cnn]', 0.5)).rows).toEqual([]);
});
