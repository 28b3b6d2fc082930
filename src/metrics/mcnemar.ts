/** How two classifiers do on the same rows. */
export interface PairedComparison {
  /** Rows that only the first has right. */
  readonly onlyFirst: number;
  /** Rows that only the second has right. */
  readonly onlySecond: number;
  /** Two-sided p-value of McNemar's exact test that both are right equally often. */
  readonly pValue: number;
}

/** log(n!) for 0 … size, summed: exact enough for the binomial terms of any test set. */
function logFactorials(size: number): Float64Array {
  const sums = new Float64Array(size + 1);
  for (let n = 1; n <= size; n++) sums[n] = (sums[n - 1] ?? 0) + Math.log(n);
  return sums;
}

/**
 * McNemar's test in its exact binomial form (Q. McNemar, Psychometrika 12, 1947; recommended for classifiers that
 * are trained once by T. Dietterich, Neural Computation 10, 1998) over rows that both classified, in the same order.
 * Arrays of unequal length throw. With no row on which only one is right, p is 1.
 */
export function mcnemarTest(labels: Int32Array, first: Int32Array, second: Int32Array): PairedComparison {
  if (first.length !== labels.length || second.length !== labels.length)
    throw new Error(`${labels.length} labels, but ${first.length} and ${second.length} predictions`);
  let onlyFirst = 0;
  let onlySecond = 0;
  for (let row = 0; row < labels.length; row++) {
    const firstRight = first[row] === labels[row];
    const secondRight = second[row] === labels[row];
    if (firstRight && !secondRight) onlyFirst++;
    if (secondRight && !firstRight) onlySecond++;
  }
  const discordant = onlyFirst + onlySecond;
  const logs = logFactorials(discordant);
  let tail = 0;
  for (let k = 0; k <= Math.min(onlyFirst, onlySecond); k++) {
    const logTerm = (logs[discordant] ?? 0) - (logs[k] ?? 0) - (logs[discordant - k] ?? 0) - discordant * Math.LN2;
    tail += Math.exp(logTerm);
  }
  return { onlyFirst, onlySecond, pValue: Math.min(1, 2 * tail) };
}
