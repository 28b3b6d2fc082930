import type { RowPairs } from './column-diff.ts';

/** All values of B are those of A by one rule: B = scale * A + offset. */
export interface LinearRelation {
  readonly scale: number;
  readonly offset: number;
  /** The largest distance of any value from the rule. */
  readonly largestError: number;
  /** For people: `B = A / 255`, `B = 255 - A`. */
  readonly rule: string;
}

/** Values that the rule is taken from; then it is held against all of them. */
const mostFitted = 200_000;

/** A value may lie this far from the rule, as a share of the range of B: what 32 bits round. */
const rounding = 1e-6;

/** Rows of values, for example the pictures of samples. */
interface Rows {
  readonly size: number;
  row(index: number): ArrayLike<number>;
}

/**
 * Finds the linear rule by which one column of tensors became the other, by least squares, held against every value; undefined where
 * there is none. A rule that says "the same" is none.
 */
export function linearRelation(a: Rows, b: Rows, pairs: RowPairs): LinearRelation | undefined {
  const fit = fitted(a, b, pairs);
  if (fit === undefined) return undefined;
  const [scale, offset] = [rounded(fit.scale, 1), rounded(fit.offset, fit.range)];
  if (scale === 1 && offset === 0) return undefined;
  const largestError = errorOf(a, b, pairs, scale, offset, rounding * fit.range);
  return largestError === undefined ? undefined : { scale, offset, largestError, rule: ruleText(scale, offset) };
}

/** The nearest number that a person would have written: whole, or one over a whole. */
function rounded(value: number, size: number): number {
  const near = (other: number): boolean => Math.abs(value - other) <= rounding * Math.max(size, Math.abs(other));
  if (near(Math.round(value)) && (Math.round(value) !== 0 || size !== 1)) return Math.round(value) + 0;
  const inverse = 1 / Math.round(1 / value);
  return Number.isFinite(inverse) && Math.abs(value / inverse - 1) <= rounding ? inverse : value;
}

/** Calls with the values of the rows that both have, until it is told to stop. */
function eachRow(
  a: Rows,
  b: Rows,
  pairs: RowPairs,
  step: number,
  accept: (a: ArrayLike<number>, b: ArrayLike<number>) => boolean,
): boolean {
  for (let pair = 0; pair < pairs.count; pair += step)
    if (!accept(a.row(pairs.before[pair] as number), b.row(pairs.after[pair] as number))) return false;
  return true;
}

function fitted(a: Rows, b: Rows, pairs: RowPairs) {
  const step = Math.max(1, Math.ceil((pairs.count * a.size) / mostFitted));
  let [count, sumA, sumB, squares, products] = [0, 0, 0, 0, 0];
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  eachRow(a, b, pairs, step, (valuesA, valuesB) => {
    for (let at = 0; at < valuesA.length; at++) {
      const [one, other] = [valuesA[at] as number, valuesB[at] as number];
      count++;
      sumA += one;
      sumB += other;
      squares += one * one;
      products += one * other;
      if (other < low) low = other;
      if (other > high) high = other;
    }
    return true;
  });
  const spread = squares - (sumA * sumA) / count;
  if (!(spread > 0)) return undefined;
  const scale = (products - (sumA * sumB) / count) / spread;
  return { scale, offset: (sumB - scale * sumA) / count, range: high - low };
}

/** The largest distance of any value from the rule; undefined as soon as one is too far away. */
function errorOf(a: Rows, b: Rows, pairs: RowPairs, scale: number, offset: number, most: number): number | undefined {
  let largest = 0;
  const isWithin = eachRow(a, b, pairs, 1, (valuesA, valuesB) => {
    for (let at = 0; at < valuesA.length; at++) {
      const error = Math.abs((valuesB[at] as number) - (scale * (valuesA[at] as number) + offset));
      if (!(error <= most)) return false;
      if (error > largest) largest = error;
    }
    return true;
  });
  return isWithin ? largest : undefined;
}

/** `B = A / 255`, `B = 2 A + 1`, `B = 255 - A`. */
function ruleText(scale: number, offset: number): string {
  const number = (value: number): string => String(Number(value.toPrecision(6)));
  const inverse = Math.round(1 / scale);
  const isInverse = Math.abs(scale) < 1 && Math.abs(scale * inverse - 1) < rounding;
  const size = isInverse ? `A / ${Math.abs(inverse)}` : Math.abs(scale) === 1 ? 'A' : `${number(Math.abs(scale))} A`;
  if (scale < 0) return offset === 0 ? `B = -${size}` : `B = ${number(offset)} - ${size}`;
  if (offset === 0) return `B = ${size}`;
  return `B = ${size} ${offset < 0 ? '-' : '+'} ${number(Math.abs(offset))}`;
}
