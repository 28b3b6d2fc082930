/** Mean of some numbers; NaN of none. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Population standard deviation (ddof 0), as scikit-learn's `cv_results_` has it. */
export function standardDeviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}

/** Ranks of scores, the highest is 1; equal scores share the better rank; NaN scores share the last (scikit-learn's rule). */
export function ranks(scores: readonly number[]): Int32Array {
  const comparable = scores.map((score) => (Number.isNaN(score) ? Number.NEGATIVE_INFINITY : score));
  return Int32Array.from(comparable, (score) => 1 + comparable.filter((other) => other > score).length);
}
