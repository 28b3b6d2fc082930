import { expect, test } from 'vitest';
import { selectWinner, standardErrorOf } from '../../src/search/select.ts';
import { allCombinations } from '../../src/search/space.ts';

const candidates = [
  { scores: [0.8, 0.82, 0.84], cost: 90 },
  { scores: [0.81, 0.81, 0.82], cost: 20 },
  { scores: [0.7, 0.7, 0.7], cost: 1 },
  { scores: [Number.NaN, 0.9, 0.9], cost: 1 },
];

test('the best mean wins, the first of equals; what diverged never', () => {
  expect(selectWinner(candidates, { rule: 'best', cost: 'seconds' })).toBe(0);
  expect(selectWinner([candidates[2], candidates[2]] as typeof candidates, { rule: 'best', cost: 'seconds' })).toBe(0);
  expect(selectWinner(candidates.slice(3), { rule: 'best', cost: 'seconds' })).toBe(-1);
});

test('the cheapest within one standard error of the best wins', () => {
  expect(standardErrorOf([0.8, 0.82, 0.84])).toBeCloseTo(0.02 / Math.sqrt(3), 12);
  expect(selectWinner(candidates, { rule: 'one-standard-error', cost: 'seconds' })).toBe(1);
});

test('a list of grids is all of their combinations, each once; excluded ones are left out', () => {
  const grid = [
    { optimizer: ['sgd'], momentum: [0, 0.9] },
    { optimizer: ['adam', 'sgd'], momentum: [0] },
  ];
  expect(allCombinations({ grid, exclude: [] })).toHaveLength(3);
  expect(allCombinations({ grid, exclude: [{ optimizer: 'sgd', momentum: 0 }] })).toEqual([
    { momentum: 0.9, optimizer: 'sgd' },
    { momentum: 0, optimizer: 'adam' },
  ]);
});
