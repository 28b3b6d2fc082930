import { expect, test } from 'vitest';
import { calibrationOf } from '../../src/metrics/calibration.ts';
import { mostProbable } from '../../src/tensorflow/predict.ts';

const [rows, classes] = [200, 4];
const probabilities = Float32Array.from({ length: rows * classes }, (_, index) => {
  const weights = Array.from({ length: classes }, (__, one) => ((Math.floor(index / classes) * 7 + one * 13) % 17) + 1);
  return (weights[index % classes] as number) / weights.reduce((sum, weight) => sum + weight, 0);
});
const labels = Int32Array.from({ length: rows }, (_, row) => (row * row + Math.floor(row / 3)) % classes);

test("calibration error, Brier score and log loss are NumPy's and scikit-learn's", () => {
  const { expectedError, brier, logLoss, bins } = calibrationOf(
    probabilities,
    labels,
    mostProbable(probabilities, classes),
    classes,
  );
  // NumPy 2.2.6 by the definition; scikit-learn 1.5 for the log loss.
  expect(expectedError).toBeCloseTo(0.18008636578917503, 6);
  expect(brier).toBeCloseTo(0.8271710470572128, 6);
  expect(logLoss).toBeCloseTo(1.6129361726402849, 6);
  expect(bins).toHaveLength(15);
  expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(rows);
});

test('a model that is always sure and right has no error; one that is sure and wrong has all there is', () => {
  const sure = Float32Array.of(1, 0, 0, 1);
  const right = calibrationOf(sure, Int32Array.of(0, 1), Int32Array.of(0, 1), 2);
  expect([right.expectedError, right.brier, right.logLoss]).toEqual([0, 0, 0]);
  const wrong = calibrationOf(sure, Int32Array.of(1, 0), Int32Array.of(0, 1), 2);
  expect([wrong.expectedError, wrong.brier]).toEqual([1, 2]);
  expect(wrong.logLoss).toBeCloseTo(-Math.log(1e-7), 5);
});
