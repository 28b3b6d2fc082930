import type { Interval } from '../metrics/interval.ts';

/**
 * What can be said of a difference, B less A: `better` or `worse` where chance does not explain it; `equivalent` where it lies within the
 * margin with all of its interval; `noise` where neither can be said.
 */
export type Verdict = 'better' | 'worse' | 'equivalent' | 'noise';

/** The share of comparisons of equal models that may be called better or worse. Stricter than 5 %: a run has many numbers to compare. */
export const significance = 0.01;

/** The 99.5 % point of the standard normal distribution: two-sided 99 %, as the significance. */
export const normalPoint995 = 2.5758293035489004;

/** A difference in accuracy within a point is of no consequence, where nobody says otherwise. */
export const usualMargin = 0.01;

/** The verdict on a difference in what is better when it is higher. `interval`: at the level of the significance. */
export function verdictOn(difference: number, pValue: number, interval: Interval, margin: number): Verdict {
  if (pValue < significance) return difference > 0 ? 'better' : 'worse';
  return interval.low > -margin && interval.high < margin ? 'equivalent' : 'noise';
}

/**
 * How far the accuracy of one model goes when it is trained again with another seed (a standard deviation), where nobody has measured
 * it. A test on the same rows knows the chance of those rows alone, and with many rows finds any two trainings to differ.
 */
export const usualTrainingDeviation = 0.002;

/** How differences in accuracy are judged. */
export interface Judgement {
  readonly margin?: number;
  readonly trainingDeviation?: number;
}
