import { beforeAll, describe, expect, it } from 'vitest';
import {
  type ClassificationScores,
  classificationScores,
  confusionMatrix,
  type PrecisionRecallF1,
} from '../../../src/metrics/classification.ts';
import { mostProbable } from '../../../src/tensorflow/predict.ts';
import { createRandom } from '../../../src/util/random.ts';
import { ask } from './peer.ts';

const tolerance = 1e-12;

interface Case {
  readonly name: string;
  readonly classes: number;
  readonly labels: readonly number[];
  /** Rows of few different values, so that many are equal. */
  readonly probabilities: readonly number[];
}

interface SklearnScores extends ClassificationScores {
  readonly predicted: readonly number[];
  readonly micro: PrecisionRecallF1;
  readonly confusion: readonly number[];
}

/** Random labels and predictions. Some classes are in neither, some in the labels only, some in the predictions only. */
function randomCase(rows: number, classes: number, seed: number): Case {
  const random = createRandom('scores', rows, classes, seed);
  const shown = Array.from({ length: classes }, () => random.below(4));
  const classFor = (part: number): number[] =>
    shown.flatMap((kind, label) => (kind === part || kind >= 2 ? [label] : []));
  const [inLabels, inPredictions] = [classFor(0), classFor(1)].map((all) => (all.length === 0 ? [0] : all));
  const pick = (from: readonly number[] = []): number => from[random.below(from.length)] as number;
  const labels = Array.from({ length: rows }, () => pick(inLabels));
  const probabilities = labels.flatMap((label) => {
    const row = Array.from({ length: classes }, () => 0);
    for (const chosen of [pick(inPredictions), pick(inPredictions)]) row[chosen] = 0.5;
    if (random.below(3) === 0 && inPredictions?.includes(label)) row[label] = 0.75;
    return row;
  });
  return { name: `${rows} rows, ${classes} classes, seed ${seed}`, classes, labels, probabilities };
}

const sizes = [
  [1, 3],
  [2, 2],
  [10, 62],
  [50, 5],
  [500, 10],
  [3000, 62],
] as const;
const cases = sizes.flatMap(([rows, classes]) => [1, 2, 3, 4, 5].map((seed) => randomCase(rows, classes, seed)));

/** Every number of one object is that of the other. */
function expectClose(actual: object, expected: object): void {
  for (const [key, value] of Object.entries(expected)) {
    const difference = Math.abs(((actual as Record<string, number>)[key] as number) - value);
    expect(difference, key).toBeLessThanOrEqual(tolerance);
  }
}

describe("scores of random predictions are scikit-learn's to 1e-12", () => {
  let answers: readonly SklearnScores[];

  beforeAll(async () => {
    answers = (await ask<SklearnScores>('sklearn_scores.py', { request: cases })).lines;
  });

  it.each(cases.map((one, index) => [one.name, one, index] as const))('%s', (_, one, index) => {
    const reference = answers[index] as SklearnScores;
    const predicted = mostProbable(Float32Array.from(one.probabilities), one.classes);
    expect(Array.from(predicted)).toEqual(reference.predicted);
    const confusion = confusionMatrix(Int32Array.from(one.labels), predicted, one.classes);
    expect(Array.from(confusion)).toEqual(reference.confusion);
    const scores = classificationScores(confusion, one.classes);
    const { accuracy, balancedAccuracy, macro, weighted, perClass } = scores;
    expectClose(
      { accuracy, balancedAccuracy },
      { accuracy: reference.accuracy, balancedAccuracy: reference.balancedAccuracy },
    );
    expectClose(macro, reference.macro);
    expectClose(weighted, reference.weighted);
    // With one label a row, micro precision, recall and F1 are all the accuracy.
    expectClose({ precision: accuracy, recall: accuracy, f1: accuracy }, reference.micro);
    expect(perClass).toHaveLength(one.classes);
    perClass.forEach((ofClass, label) => {
      expectClose(ofClass, reference.perClass[label] as object);
    });
  });
});
