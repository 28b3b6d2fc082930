import { expect, test } from 'vitest';
import { shapleyValues } from '../../src/metrics/shapley.ts';

test('effects that add up are their own values', () => {
  const effects = [0.02, -0.01, 0.005];
  const worth = (set: number): number => effects.reduce((sum, effect, at) => sum + ((set >> at) & 1 ? effect : 0), 0.7);
  shapleyValues(3, worth).forEach((value, at) => {
    expect(value).toBeCloseTo(effects[at] as number, 12);
  });
});

test('what two do only together is shared by them; who does nothing has nothing', () => {
  const values = shapleyValues(3, (set) => ((set & 3) === 3 ? 1 : 0));
  expect(values[0]).toBeCloseTo(0.5, 12);
  expect(values[1]).toBeCloseTo(0.5, 12);
  expect(values[2]).toBeCloseTo(0, 12);
});

test('the glove game has its textbook values: the one with the left glove gets two thirds', () => {
  const values = shapleyValues(3, (set) => ((set & 1) === 1 && set > 1 ? 1 : 0));
  [2 / 3, 1 / 6, 1 / 6].forEach((value, at) => {
    expect(values[at]).toBeCloseTo(value, 12);
  });
});

test('every set is asked for once, and the values sum up to the whole difference', () => {
  const asked: number[] = [];
  const worth = (set: number): number => {
    asked.push(set);
    return Math.sin(set * 7);
  };
  const values = shapleyValues(4, worth);
  expect([...asked].sort((one, other) => one - other)).toEqual(Array.from({ length: 16 }, (_, set) => set));
  expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(Math.sin(15 * 7), 12);
});
