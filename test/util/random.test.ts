import { expect, test } from 'vitest';
import { createRandom } from '../../src/util/random.ts';

const draws = (count: number, draw: () => number): number[] => Array.from({ length: count }, draw);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

test('the same name gives the same stream, another name another one', () => {
  const stream = (...name: (string | number)[]) => draws(5, createRandom(...name).uint32);
  expect(stream(7, 'shuffle', 1)).toEqual(stream(7, 'shuffle', 1));
  expect(stream(7, 'shuffle', 1)).not.toEqual(stream(7, 'shuffle', 2));
  expect(stream('1', 2)).not.toEqual(stream(12));
});

test('the stream is the same on every machine and in every version: artifacts hang on it', () => {
  expect(draws(3, createRandom(7, 'fixed').uint32)).toMatchInlineSnapshot(`
    [
      3547164119,
      1010034429,
      2758021392,
    ]
  `);
});

test('uniform numbers are uniform, normal ones normal', () => {
  const random = createRandom(1, 'moments');
  const uniform = draws(100_000, random.uniform);
  expect(Math.min(...uniform.slice(0, 1000))).toBeGreaterThanOrEqual(0);
  expect(mean(uniform)).toBeCloseTo(0.5, 2);
  const normal = draws(100_000, random.normal);
  expect(mean(normal)).toBeCloseTo(0, 1);
  expect(mean(normal.map((value) => value * value))).toBeCloseTo(1, 1);
});

test('numbers below a bound are all drawn, about equally often', () => {
  const random = createRandom(1, 'below');
  const counts = new Map<number, number>();
  for (const draw of draws(60_000, () => random.below(6))) counts.set(draw, (counts.get(draw) ?? 0) + 1);
  expect([...counts.keys()].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  for (const count of counts.values()) expect(Math.abs(count - 10_000)).toBeLessThan(500);
});

test('a permutation has every number once', () => {
  const order = createRandom(1, 'order').permutation(1000);
  expect([...order].sort((left, right) => left - right)).toEqual(Array.from({ length: 1000 }, (_, index) => index));
  expect(order[0] === 0 && order[1] === 1 && order[2] === 2).toBe(false);
});
