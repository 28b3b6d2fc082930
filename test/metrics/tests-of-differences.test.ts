import { expect, test } from 'vitest';
import { correctedResampledT } from '../../src/metrics/corrected-t.ts';
import { holm } from '../../src/metrics/holm.ts';
import { pairedDifference, verdictOf } from '../../src/metrics/paired-difference.ts';
import { studentPoint, studentPValue } from '../../src/metrics/student.ts';

// SciPy 1.15.3: 2 * scipy.stats.t.sf(t, degrees).
test.each([
  [1.5, 2, 0.2723931248910009],
  [2.3, 9, 0.04699938892186311],
  [0.2, 30, 0.8428301570593246],
  [12, 1, 0.05292935211917974],
  [0, 4, 1],
  [-1.5, 2, 0.2723931248910009],
])("Student's t %d with %i degrees of freedom has SciPy's p-value", (t, degrees, p) => {
  expect(studentPValue(t, degrees)).toBeCloseTo(p, 12);
});

// SciPy 1.15.3: scipy.stats.t.ppf(1 - share / 2, degrees).
test.each([
  [0.05, 2, 4.302652729696142],
  [0.05, 9, 2.2621571628540993],
  [0.1, 1, 6.313751514800932],
])('the point for %d and %i degrees of freedom is SciPy’s', (share, degrees, point) => {
  expect(studentPoint(share, degrees)).toBeCloseTo(point, 9);
});

test('the corrected resampled t-test is that of Nadeau and Bengio, computed with SciPy', () => {
  const compared = correctedResampledT([0.81, 0.83, 0.8], [0.79, 0.8, 0.785], 0.5);
  expect(compared?.difference).toBeCloseTo(0.02166666666666665, 12);
  expect(compared?.t).toBeCloseTo(3.1075943842694427, 9);
  expect(compared?.pValue).toBeCloseTo(0.08981794538179265, 9);
  expect(compared?.halfWidth).toBeCloseTo(0.029998812891620513, 9);
});

test('one fold proves nothing; folds that differ all alike leave no doubt', () => {
  expect(correctedResampledT([0.9], [0.8], 0.5)).toBeUndefined();
  expect(correctedResampledT([0.5, 0.5], [0.5, 0.5], 0.5)?.pValue).toBe(1);
  expect(correctedResampledT([0.75, 0.75], [0.5, 0.5], 0.5)?.pValue).toBe(0);
});

test("Holm's adjustment keeps the order, and is never smaller than the p-value itself", () => {
  const adjusted = holm([0.01, 0.04, 0.03, 0.005]);
  for (const [index, expected] of [0.03, 0.06, 0.06, 0.02].entries()) expect(adjusted[index]).toBeCloseTo(expected, 12);
  expect(holm([0.9, 0.8])).toEqual([1, 1]);
  expect(holm([])).toEqual([]);
});

/** Predictions that are right on these rows of 1,000, all labels being 0. */
const right = (from: number, until: number): Int32Array =>
  Int32Array.from({ length: 1000 }, (_, row) => (row >= from && row < until ? 0 : 1));

test('the difference of two accuracies comes with the interval of paired proportions', () => {
  const labels = new Int32Array(1000);
  const difference = pairedDifference(labels, right(0, 850), right(50, 870));
  expect([difference.onlyFirst, difference.onlySecond]).toEqual([50, 20]);
  expect(difference.difference).toBeCloseTo(0.03, 12);
  const error = Math.sqrt((0.07 - 0.0009) / 1000);
  expect(difference.interval.low).toBeCloseTo(0.03 - 1.959963984540054 * error, 12);
});

test.each([
  [0.03, 0.01, 0.05, 0.001, 'better'],
  [-0.03, -0.05, -0.01, 0.001, 'worse'],
  [0.001, -0.004, 0.006, 0.7, 'equivalent'],
  [0.01, -0.01, 0.03, 0.3, 'no difference shown'],
] as const)('a difference of %d from %d to %d with p %d is called "%4$s"', (difference, low, high, p, verdict) => {
  expect(verdictOf({ difference, interval: { low, high } }, p, 0.01)).toBe(verdict);
});
