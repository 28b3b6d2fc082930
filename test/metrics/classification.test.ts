import { describe, expect, it } from 'vitest';
import { classificationScores, confusionMatrix, type PrecisionRecallF1 } from '../../src/metrics/classification.ts';

function expectClose(actual: PrecisionRecallF1, expected: readonly [number, number, number]): void {
  expect(actual.precision).toBeCloseTo(expected[0], 12);
  expect(actual.recall).toBeCloseTo(expected[1], 12);
  expect(actual.f1).toBeCloseTo(expected[2], 12);
}

// The expected numbers were computed by scikit-learn 1.9.1 with zero_division=0.
const truth = Int32Array.of(0, 0, 0, 1, 1, 2, 2, 2, 2, 4);
const guess = Int32Array.of(0, 0, 1, 1, 3, 2, 2, 0, 2, 4);

describe('the confusion matrix', () => {
  it('has a row for the true class and a column for the predicted one', () => {
    const confusion = confusionMatrix(Int32Array.of(0, 0, 1), Int32Array.of(1, 1, 0), 2);
    expect([...confusion]).toEqual([0, 2, 1, 0]);
  });

  it('refuses rows that name no class', () => {
    expect(() => confusionMatrix(Int32Array.of(0), Int32Array.of(2), 2)).toThrow('row 0: label 0, predicted 2');
    expect(() => confusionMatrix(Int32Array.of(-1), Int32Array.of(0), 2)).toThrow('label -1');
    expect(() => confusionMatrix(Int32Array.of(0), Int32Array.of(), 2)).toThrow('1 labels but 0 predictions');
  });
});

describe('the scores', () => {
  it('equal those of scikit-learn, leaving classes out of the macro mean that appear nowhere', () => {
    const scores = classificationScores(confusionMatrix(truth, guess, 6), 6);
    expect(scores.accuracy).toBeCloseTo(0.7, 12);
    expect(scores.balancedAccuracy).toBeCloseTo(0.7291666666666666, 12);
    expectClose(scores.macro, [0.6333333333333333, 0.5833333333333333, 0.6047619047619047]);
    expectClose(scores.weighted, [0.8, 0.7, 0.7428571428571429]);
    expect(scores.perClass.map((one) => one.support)).toEqual([3, 2, 4, 0, 1, 0]);
  });

  it('give 0 for a class that is predicted but never true, and count it in the macro mean', () => {
    const labels = Int32Array.from({ length: 60 }, (_, i) => (i * i + 3) % 7);
    const predicted = Int32Array.from({ length: 60 }, (_, i) => (i % 4 ? (i * i + 3) % 7 : (i * 5) % 7));
    const scores = classificationScores(confusionMatrix(labels, predicted, 7), 7);
    expect(scores.perClass[1]).toEqual({ precision: 0, recall: 0, f1: 0, support: 0 });
    expect(scores.balancedAccuracy).toBeCloseTo(0.7401960784313725, 12);
    expectClose(scores.macro, [0.4708333333333333, 0.42296918767506997, 0.4455373058314235]);
    expectClose(scores.weighted, [0.8338194444444444, 0.75, 0.7895313428401665]);
  });

  it('are 0 for no rows at all', () => {
    const scores = classificationScores(new Float64Array(4), 2);
    expect(scores.accuracy).toBe(0);
    expect(scores.macro).toEqual({ precision: 0, recall: 0, f1: 0 });
  });
});
