import { expect, test } from 'vitest';
import { factorsOf, hybrid } from '../../src/diff/factors.ts';

const before = { seed: 1, epochs: 3, fit: { mlp: { epochs: 8 }, cnn: { epochs: 8 } }, families: ['mlp', 'cnn'] };
const after = { seed: 1, epochs: 5, fit: { mlp: { epochs: 9 }, cnn: { epochs: 10 } }, families: ['cnn'] };

test('parameters that differ are named leaf by leaf, lists as a whole', () => {
  expect(factorsOf(before, after, 6).map(({ name, before: old, after: now }) => [name, old, now])).toEqual([
    ['epochs', 3, 5],
    ['fit.mlp.epochs', 8, 9],
    ['fit.cnn.epochs', 8, 10],
    ['families', ['mlp', 'cnn'], ['cnn']],
  ]);
});

test('where there are too many, those of one map are taken together', () => {
  expect(factorsOf(before, after, 3).map(({ name }) => name)).toEqual(['epochs', 'fit', 'families']);
});

test('a hybrid has the chosen values of the second run and all others of the first', () => {
  const factors = factorsOf(before, after, 6);
  expect(hybrid(before, factors, 0)).toEqual(before);
  expect(hybrid(before, factors, 0b1111)).toEqual(after);
  expect(hybrid(before, factors, 0b0100)).toEqual({ ...before, fit: { mlp: { epochs: 8 }, cnn: { epochs: 10 } } });
});

test('a parameter that only one of them has comes and goes', () => {
  const factors = factorsOf({ a: 1 }, { b: 2 }, 6);
  expect(hybrid({ a: 1 }, factors, 0b01)).toEqual({});
  expect(hybrid({ a: 1 }, factors, 0b11)).toEqual({ b: 2 });
});
