import { expect, test } from 'vitest';
import { countDuplicates } from '../../src/split/duplicates.ts';

const rowsOf = (values: readonly (readonly number[])[]) => ({
  rows: values.length,
  row: (index: number) => Uint8Array.from(values[index] ?? []),
});

test('rows that a model was trained on and is scored by are counted, by where it is scored', () => {
  const samples = rowsOf([
    [1, 2, 3, 4, 5],
    [1, 2, 3, 4, 5],
    [9, 9, 9, 9, 9],
    [9, 9, 9, 9, 9],
    [1, 2, 3, 4, 6],
    [7, 7, 7, 7, 7],
    [7, 7, 7, 7, 7],
    [9, 9, 9, 9, 9],
  ]);
  const role = ['train', 'test', 'train', 'train', 'test', 'validation', 'test', 'validation'];
  const fold = [0, -1, 0, 1, -1, -1, -1, -1];
  expect(countDuplicates(samples, role, fold)).toEqual({ test: 2, validation: 1, folds: 2 });
});

test('equal training rows of one fold, and rows that differ in one value, are no duplicates', () => {
  const samples = rowsOf([[5], [5], [6]]);
  expect(countDuplicates(samples, ['train', 'train', 'test'], [1, 1, -1])).toEqual({
    test: 0,
    validation: 0,
    folds: 0,
  });
});

test('values of 32 bits are compared as they are', () => {
  const values = [
    [0.5, 1],
    [0.5, 1],
    [0.5, -1],
  ];
  const samples = { rows: 3, row: (index: number) => Float32Array.from(values[index] ?? []) };
  expect(countDuplicates(samples, ['train', 'test', 'test'], [0, -1, -1]).test).toBe(1);
});
