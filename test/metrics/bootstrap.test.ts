import { expect, test } from 'vitest';
import { bootstrapIntervals } from '../../src/metrics/bootstrap.ts';
import { classificationScores, confusionMatrix } from '../../src/metrics/classification.ts';
import { wilsonInterval } from '../../src/metrics/interval.ts';
import { createRandom } from '../../src/util/random.ts';

const rows = 400;
const labels = Int32Array.from({ length: rows }, (_, row) => row % 5);
const predicted = labels.map((label, row) => ((row * 7) % 11 < 8 ? label : (label + 1 + (row % 3)) % 5));
const drawn = (resamples: number, seed = 1) =>
  bootstrapIntervals(labels, predicted, 5, { resamples, random: createRandom(seed) });

test("intervals agree with a bootstrap of scikit-learn's scores", () => {
  // NumPy 2.2.6, scikit-learn: 3,000 resamples of the same rows, percentiles 2.5 and 97.5.
  const reference = {
    accuracy: [0.68, 0.7700625],
    precision: [0.68139428, 0.77198759],
    recall: [0.68098872, 0.77083357],
    f1: [0.67980616, 0.76991141],
  };
  const intervals = drawn(3000);
  for (const [metric, [low, high]] of Object.entries(reference)) {
    const mine = intervals[metric as keyof typeof reference];
    // The ends themselves vary by about their own standard error, 0.0015 here.
    expect(Math.abs(mine.low - (low as number))).toBeLessThan(0.006);
    expect(Math.abs(mine.high - (high as number))).toBeLessThan(0.006);
  }
});

test("each interval holds its score, and that of accuracy is near Wilson's", () => {
  const scores = classificationScores(confusionMatrix(labels, predicted, 5), 5);
  const intervals = drawn(2000);
  for (const [value, { low, high }] of [
    [scores.accuracy, intervals.accuracy],
    [scores.macro.precision, intervals.precision],
    [scores.macro.recall, intervals.recall],
    [scores.macro.f1, intervals.f1],
  ] as const) {
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
  }
  const wilson = wilsonInterval(Math.round(scores.accuracy * rows), rows);
  expect(Math.abs(intervals.accuracy.low - wilson.low)).toBeLessThan(0.01);
});

test('the same seed gives the same bits', () => {
  expect(drawn(200, 3)).toEqual(drawn(200, 3));
  expect(drawn(200, 3)).not.toEqual(drawn(200, 4));
});

test('of no rows nothing is known', () => {
  const none = bootstrapIntervals(new Int32Array(0), new Int32Array(0), 5, { resamples: 10, random: createRandom(1) });
  expect(none.f1).toEqual({ low: 0, high: 1 });
});
