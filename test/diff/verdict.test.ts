import { expect, test } from 'vitest';
import { accuracyDifference } from '../../src/diff/predictions-diff.ts';
import type { Judgement } from '../../src/diff/verdict.ts';
import { createRandom, type Random } from '../../src/util/random.ts';

const rows = 10_000;
const pairs = 200;

/** A step of hardness that is a point of accuracy here, at an accuracy of 89 %. */
const point = 0.0565;

/**
 * Right and wrong answers of a model. Rows differ in how hard they are, the same for all models; each training adds chance of its own
 * to each row, and a little to all of them together: another seed gives a model that is better or worse by itself.
 */
function trained(hardness: Float64Array, points: number, random: Random): Int32Array {
  return Int32Array.from(hardness, (hard) => (hard + point * points + 0.35 * random.normal() > 0 ? 1 : 0));
}

/** How often the second model of each pair, which is better by some points, is called what. `deviation`: of a seed, in points. */
function verdicts(gain: number, deviation: number, judgement: Judgement = {}) {
  const labels = new Int32Array(rows).fill(1);
  const counts = { better: 0, worse: 0, noise: 0, equivalent: 0 };
  let sum = 0;
  for (let pair = 0; pair < pairs; pair++) {
    const random = createRandom('verdicts', gain, pair);
    const hardness = Float64Array.from({ length: rows }, () => 1.3 + random.normal());
    const seeds = [deviation * random.normal(), deviation * random.normal()] as const;
    const [a, b] = [trained(hardness, seeds[0], random), trained(hardness, gain + seeds[1], random)];
    const { verdict, difference } = accuracyDifference(labels, a, b, judgement);
    counts[verdict]++;
    sum += difference;
  }
  return { ...counts, mean: sum / pairs };
}

test('runs that differ in their seed only are called noise in 95 of 100, as far as seeds go usually', () => {
  const { noise, better, worse } = verdicts(0, 0.2);
  expect(noise).toBeGreaterThanOrEqual(pairs * 0.95);
  expect(better + worse).toBeLessThanOrEqual(pairs * 0.05);
});

test('where seeds go further, and that was measured, it is so too', () => {
  expect(verdicts(0, 0.6, { trainingDeviation: 0.006 }).noise).toBeGreaterThanOrEqual(pairs * 0.95);
  expect(verdicts(0, 0.6).noise).toBeLessThan(pairs * 0.95);
});

test('a model that is better by two points is found', () => {
  const { better, worse, mean } = verdicts(2, 0.2);
  expect(mean).toBeCloseTo(0.02, 2);
  expect(better).toBeGreaterThanOrEqual(pairs * 0.95);
  expect(worse).toBe(0);
});

test('models that answer alike on many rows are equivalent, and one row less is not', () => {
  const labels = new Int32Array(10_000).fill(1);
  const other = labels.with(3, 0).with(4, 0);
  expect(accuracyDifference(labels, labels.with(9, 0), other)).toMatchObject({ verdict: 'noise' });
  const sameSeed = { trainingDeviation: 0 };
  expect(accuracyDifference(labels, labels.with(9, 0), other, sameSeed).verdict).toBe('equivalent');
  expect(accuracyDifference(labels, labels.with(9, 0), other, { ...sameSeed, margin: 0.0001 }).verdict).toBe('noise');
});
