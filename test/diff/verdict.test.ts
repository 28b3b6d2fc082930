import { describe, expect, test } from 'vitest';
import { trainingLuck, usualTrainingDeviation } from '../../src/diff/training-luck.ts';
import { diffPredictions, diffScores, judgeAccuracies, verdictOn } from '../../src/diff/verdict.ts';
import { createRandom, type Random } from '../../src/util/random.ts';
import { artifactOf, floats, ints, text } from '../report/study-files.ts';

const rows = 10_000;
const pairs = 200;
const labels = new Int32Array(rows).fill(1);
/** A step of ease that is a point of accuracy here, at an accuracy of 89 %. */
const point = 0.0565;

/**
 * Right and wrong answers of a training. Rows are easy or hard for all models; each training has chance of its own on each row, and
 * `points` that it has on all of them: its seed made it better or worse.
 */
function trained(ease: Float64Array, points: number, random: Random): Int32Array {
  return Int32Array.from(ease, (easy) => (easy + point * points + 0.35 * random.normal() > 0 ? 1 : 0));
}

/** How often the second training of each pair, which is better by some points, is called what. `seeds`: their deviation, in points. */
function verdicts(gain: number, seeds: number, trainingDeviation: number) {
  const counts = { better: 0, worse: 0, noise: 0, equivalent: 0, changed: 0, mean: 0 };
  for (let pair = 0; pair < pairs; pair++) {
    const random = createRandom('seeds', gain, pair);
    const ease = Float64Array.from({ length: rows }, () => 1.3 + random.normal());
    const before = trained(ease, seeds * random.normal(), random);
    const after = trained(ease, gain + seeds * random.normal(), random);
    const { pValue, interval } = judgeAccuracies(labels, before, after, trainingDeviation);
    const difference = (interval[0] + interval[1]) / 2;
    counts[verdictOn('accuracy', difference, pValue, interval)]++;
    counts.mean += difference / pairs;
  }
  return counts;
}

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

describe('runs that differ in their seed alone', () => {
  test('are called noise in at least 95 % of 200 pairs, where seeds go as far as they usually do', () => {
    const { noise, equivalent } = verdicts(0, 0.2, usualTrainingDeviation);
    expect(noise + equivalent).toBeGreaterThanOrEqual(0.95 * pairs);
  }, 20_000);

  test('also where they go further, and refits have told so', () => {
    const { noise, equivalent } = verdicts(0, 0.6, 0.006);
    expect(noise + equivalent).toBeGreaterThanOrEqual(0.95 * pairs);
  }, 20_000);

  test('would not be, if the chance of the rows were all', () => {
    const { better, worse } = verdicts(0, 0.6, 0);
    expect(better + worse).toBeGreaterThan(0.3 * pairs);
  }, 20_000);
});

test('a planted change of two points is found, whatever the seeds do', () => {
  const { better, worse, mean } = verdicts(2, 0.2, usualTrainingDeviation);
  expect(mean).toBeCloseTo(0.02, 2);
  expect(better).toBeGreaterThanOrEqual(0.95 * pairs);
  expect(worse).toBe(0);
}, 20_000);

test('refits tell how far training again goes; a few are taken together with what is usual', () => {
  const refits = (accuracies: readonly number[]) =>
    artifactOf('refits', { columns: [floats('accuracy', accuracies)], metadata: { model: 'cnn' } });
  const luck = trainingLuck([refits([0.8, 0.82, Number.NaN]), refits([0.8])]);
  expect(luck('mlp')).toBe(usualTrainingDeviation);
  expect(luck(undefined)).toBe(usualTrainingDeviation);
  expect(luck('cnn')).toBeCloseTo(Math.sqrt((0.0002 + 4 * 0.002 ** 2) / 5), 12);
  const many = Array.from({ length: 400 }, (_, index) => 0.8 + (index % 2) * 0.02);
  expect(trainingLuck([refits(many)])('cnn')).toBeCloseTo(0.01, 3);
});

test('of the same weights the rows are all the chance that there is', () => {
  const second = labels.with(3, 0).with(4, 0);
  expect(judgeAccuracies(labels, labels.with(9, 0), second, 0)).toMatchObject({ by: 'McNemar', pValue: 1 });
  expect(judgeAccuracies(labels, labels.with(9, 0), second, 0.002).by).toBe('McNemar and seeds');
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
