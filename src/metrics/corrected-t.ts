import { studentPoint, studentPValue } from './student.ts';

/** How two models do on the same folds. */
export interface FoldComparison {
  /** Mean difference of the scores, first less second. */
  readonly difference: number;
  /** Half the width of its 95 % interval. */
  readonly halfWidth: number;
  readonly t: number;
  readonly degrees: number;
  /** Two-sided. */
  readonly pValue: number;
}

/**
 * The corrected resampled t-test (C. Nadeau and Y. Bengio, "Inference for the generalization error", Machine Learning 52, 2003): folds
 * share training rows, so the variance of their differences is enlarged by the ratio of scored to trained rows. With three folds it has
 * two degrees of freedom: a difference must be 4.3 of its standard errors large to count. Fewer than two folds: undefined.
 */
export function correctedResampledT(
  first: readonly number[],
  second: readonly number[],
  scoredToTrained: number,
): FoldComparison | undefined {
  const folds = Math.min(first.length, second.length);
  if (folds < 2) return undefined;
  const differences = Array.from({ length: folds }, (_, fold) => (first[fold] as number) - (second[fold] as number));
  const difference = differences.reduce((sum, value) => sum + value, 0) / folds;
  const variance = differences.reduce((sum, value) => sum + (value - difference) ** 2, 0) / (folds - 1);
  const error = Math.sqrt(variance * (1 / folds + scoredToTrained));
  const degrees = folds - 1;
  // Differences that are all equal have no spread to judge them by.
  const t =
    error === 0 ? (difference === 0 ? 0 : Math.sign(difference) * Number.POSITIVE_INFINITY) : difference / error;
  return { difference, halfWidth: studentPoint(0.05, degrees) * error, t, degrees, pValue: studentPValue(t, degrees) };
}
