import { type Interval, normalPoint975 } from './interval.ts';
import { mcnemarTest, type PairedComparison } from './mcnemar.ts';

/** How the accuracies of two classifiers differ on the same rows. */
export interface PairedDifference extends PairedComparison {
  readonly rows: number;
  /** Accuracy of the first less that of the second. */
  readonly difference: number;
  /** Its 95 % interval. */
  readonly interval: Interval;
}

/**
 * The difference of two accuracies on the same rows with its interval, by the rows on which only one is right (the large-sample interval
 * of paired proportions; A. Agresti, "Categorical data analysis", third edition, section 11.1.1), and McNemar's test.
 */
export function pairedDifference(labels: Int32Array, first: Int32Array, second: Int32Array): PairedDifference {
  const compared = mcnemarTest(labels, first, second);
  const { onlyFirst, onlySecond } = compared;
  const rows = labels.length;
  const difference = rows === 0 ? 0 : (onlyFirst - onlySecond) / rows;
  const variance = rows === 0 ? 0 : ((onlyFirst + onlySecond) / rows - difference ** 2) / rows;
  const half = normalPoint975 * Math.sqrt(Math.max(0, variance));
  return { ...compared, rows, difference, interval: { low: difference - half, high: difference + half } };
}

/** What can be claimed of a difference. */
export type Verdict = 'better' | 'worse' | 'equivalent' | 'no difference shown';

/**
 * The claim: better or worse where the adjusted p-value is below 0.05; equivalent where the whole interval lies within the margin;
 * else nothing is shown, which is not the same as equal.
 */
export function verdictOf(
  { difference, interval }: Pick<PairedDifference, 'difference' | 'interval'>,
  adjustedPValue: number,
  margin: number,
): Verdict {
  if (adjustedPValue < 0.05) return difference > 0 ? 'better' : 'worse';
  return interval.low > -margin && interval.high < margin ? 'equivalent' : 'no difference shown';
}
