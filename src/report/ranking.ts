import type { Family } from './study.ts';

/** A family whose accuracy is known. */
export interface RankedFamily extends Family {
  readonly accuracy: number;
}

/** Families by accuracy, the best first; equal ones in their own order. Those without an accuracy are left out. */
export function rankedFamilies(families: readonly Family[]): RankedFamily[] {
  return families
    .flatMap((family) =>
      family.scores.accuracy === undefined ? [] : [{ ...family, accuracy: family.scores.accuracy }],
    )
    .sort((left, right) => right.accuracy - left.accuracy);
}

/** Whether the intervals of two accuracies overlap; undefined when one is not known. */
export function intervalsOverlap(first: Family, second: Family): boolean | undefined {
  const [left, right] = [first.scores.interval, second.scores.interval];
  if (left === undefined || right === undefined) return undefined;
  return left.low <= right.high && right.low <= left.high;
}

function sameNumbers(left: ArrayLike<number>, right: ArrayLike<number>): boolean {
  return left.length === right.length && Array.prototype.every.call(left, (value, index) => value === right[index]);
}

/** Whether two families were tested on the same rows with the same labels. */
export function testedOnSameRows(first: Family, second: Family): boolean {
  const [left, right] = [first.predictions, second.predictions];
  if (left === undefined || right === undefined) return false;
  return sameNumbers(left.ids, right.ids) && sameNumbers(left.labels, right.labels);
}

/** Milliseconds that a family takes for one sample; undefined when it was not measured. */
export function inferenceMilliseconds(family: Family): number | undefined {
  const time = family.inference;
  return time === undefined || time.samples === 0 ? undefined : (time.seconds / time.samples) * 1000;
}
