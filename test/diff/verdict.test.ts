import { describe, expect, test } from 'vitest';
import { diffPredictions, diffScores } from '../../src/diff/verdict.ts';
import { createRandom } from '../../src/util/random.ts';
import { artifactOf, floats, ints, text } from '../report/study-files.ts';

const rows = 4000;
const classes = 10;
const ids = Array.from({ length: rows }, (_, row) => row);

/**
 * Two trainings of one model with other seeds: rows are hard or easy for both, and each is right on a row by chance of its own.
 * `gain` is what the second is better by on every row.
 */
function pair(seed: number, gain: number) {
  const random = createRandom('seeds', seed);
  const labels = ids.map(() => random.below(classes));
  const ease = ids.map(() => (random.uniform() < 0.75 ? 0.97 : 0.4));
  const guesses = (more: number): number[] =>
    labels.map((label, row) =>
      random.uniform() < Math.min(1, (ease[row] as number) + more) ? label : (label + 1) % classes,
    );
  return { labels, before: guesses(0), after: guesses(gain) };
}

const predictions = (labels: readonly number[], predicted: readonly number[]) =>
  artifactOf('predictions', { columns: [ints('id', ids), ints('label', labels), ints('predicted', predicted)] });

const accuracyOf = (labels: readonly number[], predicted: readonly number[]): number =>
  labels.filter((label, row) => label === predicted[row]).length / labels.length;

function metrics(value: number, half = 0.012) {
  return artifactOf('metrics', {
    columns: [
      text('metric', ['accuracy', 'log_loss']),
      text('average', ['', '']),
      text('class', ['', '']),
      floats('value', [value, 1 - value]),
      floats('low', [value - half, Number.NaN]),
      floats('high', [value + half, Number.NaN]),
    ],
  });
}

function verdictOf(seed: number, gain: number): string | undefined {
  const { labels, before, after } = pair(seed, gain);
  const both = { before: predictions(labels, before), after: predictions(labels, after) };
  const scores = diffScores(metrics(accuracyOf(labels, before)), metrics(accuracyOf(labels, after)), both);
  return scores.find(({ name }) => name === 'accuracy')?.verdict;
}

describe('runs that differ in their seed alone', () => {
  test('are called noise in at least 95 % of 200 pairs', () => {
    const verdicts = Array.from({ length: 200 }, (_, seed) => verdictOf(seed, 0));
    const noise = verdicts.filter((verdict) => verdict === 'noise' || verdict === 'equivalent').length;
    expect(noise).toBeGreaterThanOrEqual(190);
  });
});

test('a planted change of two points is found', () => {
  const found = Array.from({ length: 20 }, (_, seed) => verdictOf(seed, 0.035)).filter(
    (verdict) => verdict === 'better',
  );
  expect(found.length).toBeGreaterThanOrEqual(16);
});

test('without the predictions the intervals decide, and where there are none only the change is told', () => {
  expect(diffScores(metrics(0.8), metrics(0.9)).map(({ name, verdict, by }) => [name, verdict, by])).toEqual([
    ['accuracy', 'better', 'intervals'],
    ['log_loss', 'changed', undefined],
  ]);
  expect(diffScores(metrics(0.8), metrics(0.81))[0]?.verdict).toBe('noise');
  expect(diffScores(metrics(0.8, 0.002), metrics(0.801, 0.002))[0]?.verdict).toBe('equivalent');
});

test('who turned right and who turned wrong is counted by class, over the rows that both have', () => {
  const before = artifactOf('predictions', {
    columns: [ints('id', [1, 2, 3, 4]), ints('label', [0, 0, 1, 1]), ints('predicted', [0, 1, 0, 1])],
  });
  const after = artifactOf('predictions', {
    columns: [ints('id', [4, 3, 2, 9]), ints('label', [1, 1, 0, 0]), ints('predicted', [1, 1, 2, 0])],
  });
  expect(diffPredictions(before, after)).toMatchObject({
    rows: 3,
    gained: 1,
    lost: 0,
    otherwise: 1,
    examples: { lost: [], gained: [3] },
    byClass: [{ label: 1, gained: 1, lost: 0 }],
  });
});
