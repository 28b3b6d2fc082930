import { beforeAll, describe, expect, it } from 'vitest';
import { correctedResampledT } from '../../../src/metrics/corrected-t.ts';
import { holm } from '../../../src/metrics/holm.ts';
import { wilsonInterval } from '../../../src/metrics/interval.ts';
import { mcnemarTest } from '../../../src/metrics/mcnemar.ts';
import { createRandom } from '../../../src/util/random.ts';
import { ask } from './peer.ts';

const random = createRandom('statistics', 1);

/** Two classifiers on some rows, right in different shares of them. */
const pairs = [1, 5, 20, 200, 2500, 16323].map((rows) => {
  const labels = Array.from({ length: rows }, () => random.below(5));
  const guesses = (share: number): number[] =>
    labels.map((label) => (random.uniform() < share ? label : (label + 1) % 5));
  return { labels, first: guesses(0.8), second: guesses(0.77) };
});
const adjusted = [[0.01], [0.04, 0.01, 0.03], [0.5, 0.9, 0.001, 0.001, 0.02, 0.3], [1, 1, 0]];
const folds = [2, 3, 5, 30].map((count) => ({
  first: Array.from({ length: count }, () => 0.8 + random.normal() / 50),
  second: Array.from({ length: count }, () => 0.79 + random.normal() / 50),
  ratio: 1 / 2,
}));

type Answers = readonly Readonly<Record<string, number>>[];

describe('the statistics of a comparison are those of statsmodels and SciPy', () => {
  let answers: Answers = [];

  beforeAll(async () => {
    answers = (
      await ask<Readonly<Record<string, number>>>('statistics_peers.py', { request: { pairs, adjusted, folds } })
    ).lines;
  });

  it.each(pairs.map((pair, index) => [pair.labels.length, pair, index] as const))(
    'McNemar and Wilson on %i rows',
    (rows, { labels, first, second }, index) => {
      const { pValue, low, high } = answers[index] as Answers[number];
      const ours = mcnemarTest(Int32Array.from(labels), Int32Array.from(first), Int32Array.from(second));
      expect(ours.pValue).toBeCloseTo(pValue as number, 9);
      const interval = wilsonInterval(first.filter((guess, row) => guess === labels[row]).length, rows);
      expect(interval.low).toBeCloseTo(low as number, 12);
      expect(interval.high).toBeCloseTo(high as number, 12);
    },
  );

  it.each(adjusted.map((values, index) => [values.join(', '), values, index] as const))(
    'Holm of %s',
    (_, values, index) => {
      const reference = (answers[pairs.length + index] as unknown as { adjusted: number[] }).adjusted;
      holm(values).forEach((value, place) => {
        expect(value).toBeCloseTo(reference[place] as number, 12);
      });
    },
  );

  it.each(folds.map((one, index) => [one.first.length, one, index] as const))(
    'the corrected resampled t-test over %i folds',
    (_, { first, second, ratio }, index) => {
      const reference = answers[pairs.length + adjusted.length + index] as Answers[number];
      const ours = correctedResampledT(first, second, ratio);
      expect(ours?.t).toBeCloseTo(reference['t'] as number, 9);
      expect(ours?.pValue).toBeCloseTo(reference['pValue'] as number, 9);
      expect(ours?.halfWidth).toBeCloseTo(reference['halfWidth'] as number, 9);
    },
  );
});
