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

type Reference = Readonly<Record<'accuracy' | 'precision' | 'recall' | 'f1', readonly [number, number]>>;

/** The ends themselves vary by about their own standard error. */
function expectNear(intervals: ReturnType<typeof drawn>, reference: Reference, tolerance: number): void {
  for (const [metric, [low, high]] of Object.entries(reference)) {
    const mine = intervals[metric as keyof Reference];
    expect(Math.abs(mine.low - low), `low ${metric}`).toBeLessThan(tolerance);
    expect(Math.abs(mine.high - high), `high ${metric}`).toBeLessThan(tolerance);
  }
}

test("intervals agree with those of SciPy's bootstrap, method BCa, of scikit-learn's scores", () => {
  // SciPy 1.15.3, 4,000 and 15,000 resamples of the same rows.
  expectNear(
    drawn(4000),
    {
      accuracy: [0.6825, 0.77],
      precision: [0.6843300453710179, 0.7698569017125526],
      recall: [0.6831869157859607, 0.7700979716446432],
      f1: [0.6842889424094677, 0.7713167637133602],
    },
    0.006,
  );
});

test('where classes are rare, an interval still lies about its score: plain percentiles would lie below', () => {
  const sizes = [150, 40, 6, 3, 1];
  const rare = Int32Array.from(sizes.flatMap((size, label) => Array.from({ length: size }, () => label)));
  const guesses = rare.map((label, row) => (row % 9 === 0 ? (label + 1) % 5 : label));
  const intervals = bootstrapIntervals(rare, guesses, 5, { resamples: 15_000, random: createRandom(1) });
  expectNear(
    intervals,
    {
      accuracy: [0.835, 0.925],
      precision: [0.4524248347517958, 0.8825421345661818],
      recall: [0.6346322746447386, 0.975153088680934],
      f1: [0.5327699774700769, 0.9239147013752765],
    },
    0.02,
  );
  expect(intervals.f1.low).toBeLessThan(0.7746);
  expect(intervals.f1.high).toBeGreaterThan(0.7747);
});

test('a classifier that is always right, and one row alone, have an interval without width', () => {
  const right = bootstrapIntervals(labels, labels, 5, { resamples: 50, random: createRandom(1) });
  expect(right.f1).toEqual({ low: 1, high: 1 });
  const one = bootstrapIntervals(Int32Array.of(2), Int32Array.of(2), 5, { resamples: 50, random: createRandom(1) });
  expect(one.accuracy).toEqual({ low: 1, high: 1 });
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
