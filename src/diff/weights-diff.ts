import type { TableView } from './table-view.ts';
import { type NamedTensor, sameShape, tensorsOf } from './tensors.ts';
import { type UnitOrder, unitOrder } from './unit-order.ts';

/** How one tensor of the weights differs. */
export interface TensorDifference {
  readonly name: string;
  readonly shape: readonly number[];
  /** Euclidean lengths: of A, of B, of B less A, and the last as a share of the first (null where that is 0). */
  readonly lengthA: number;
  readonly lengthB: number;
  readonly lengthOfDifference: number;
  readonly relative: number | null;
  /** The cosine of the angle between both; null where one is 0. */
  readonly cosine: number | null;
  /** The largest change of one value, and its indices. */
  readonly largest: number;
  readonly largestAt: readonly number[];
  readonly signsChanged: number;
  /** Counts of the changes in 11 bins of equal width, from -largest to largest. */
  readonly histogram: readonly number[];
}

/** How the weights of two networks differ. */
export interface WeightsDiff {
  readonly kind: 'weights';
  readonly parameters: { readonly a: number; readonly b: number };
  readonly same: number;
  readonly changed: readonly TensorDifference[];
  /** Tensors that only one has, and that have another shape. */
  readonly removed: readonly string[];
  readonly added: readonly string[];
  readonly reshaped: readonly { readonly name: string; readonly a: readonly number[]; readonly b: readonly number[] }[];
  /** All tensors of both as one. */
  readonly relative: number | null;
  readonly cosine: number | null;
  /** Where only the order of hidden units differs. */
  readonly unitOrder?: UnitOrder;
}

const bins = 11;

/** Compares the weights of two networks by the tensors' names; undefined where a column is missing. */
export function weightsDiff(a: TableView, b: TableView): WeightsDiff | undefined {
  const [tensorsA, tensorsB] = [tensorsOf(a), tensorsOf(b)];
  if (tensorsA === undefined || tensorsB === undefined) return undefined;
  const inB = new Map(tensorsB.map((tensor) => [tensor.name, tensor]));
  const inA = new Set(tensorsA.map(({ name }) => name));
  const pairs = tensorsA.flatMap((one) => {
    const other = inB.get(one.name);
    return other === undefined ? [] : [{ one, other }];
  });
  const alike = pairs.filter(({ one, other }) => sameShape(one, other));
  const sums = alike.map(({ one, other }) => ({ one, sums: sumsOf(one, other) }));
  const changed = sums.filter((pair) => pair.sums.largest > 0 || Number.isNaN(pair.sums.difference));
  const all = changed.length === 0 ? undefined : totalOf(sums.map((pair) => pair.sums));
  const order = changed.length === 0 ? undefined : unitOrder(tensorsA, tensorsB);
  const count = (tensors: readonly NamedTensor[]): number =>
    tensors.reduce((sum, { values }) => sum + values.length, 0);
  return {
    kind: 'weights',
    parameters: { a: count(tensorsA), b: count(tensorsB) },
    same: alike.length - changed.length,
    changed: changed.map((pair) => tensorDifference(pair.one, inB.get(pair.one.name) ?? pair.one, pair.sums)),
    removed: tensorsA.filter(({ name }) => !inB.has(name)).map(({ name }) => name),
    added: tensorsB.filter(({ name }) => !inA.has(name)).map(({ name }) => name),
    reshaped: pairs
      .filter(({ one, other }) => !sameShape(one, other))
      .map(({ one, other }) => ({ name: one.name, a: one.shape, b: other.shape })),
    relative: all === undefined ? null : finite(Math.sqrt(all.difference / all.squaresA)),
    cosine: all === undefined ? null : finite(all.product / Math.sqrt(all.squaresA * all.squaresB)),
    ...(order === undefined ? {} : { unitOrder: order }),
  };
}

interface Sums {
  squaresA: number;
  squaresB: number;
  product: number;
  difference: number;
  largest: number;
  largestAt: number;
  signsChanged: number;
}

const none: Sums = { squaresA: 0, squaresB: 0, product: 0, difference: 0, largest: 0, largestAt: 0, signsChanged: 0 };

function sumsOf({ values: a }: NamedTensor, { values: b }: NamedTensor): Sums {
  const sums = { ...none };
  for (let at = 0; at < a.length; at++) {
    const [one, other] = [a[at] as number, b[at] as number];
    sums.squaresA += one * one;
    sums.squaresB += other * other;
    sums.product += one * other;
    const change = other - one;
    sums.difference += change * change;
    if (one * other < 0) sums.signsChanged++;
    if (Math.abs(change) > sums.largest) {
      sums.largest = Math.abs(change);
      sums.largestAt = at;
    }
  }
  return sums;
}

function totalOf(all: readonly Sums[]): Sums {
  const total = { ...none };
  for (const { squaresA, squaresB, product, difference } of all) {
    total.squaresA += squaresA;
    total.squaresB += squaresB;
    total.product += product;
    total.difference += difference;
  }
  return total;
}

/** JSON has neither infinity nor NaN. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function tensorDifference(one: NamedTensor, other: NamedTensor, sums: Sums): TensorDifference {
  return {
    name: one.name,
    shape: one.shape,
    lengthA: Math.sqrt(sums.squaresA),
    lengthB: Math.sqrt(sums.squaresB),
    lengthOfDifference: Math.sqrt(sums.difference),
    relative: finite(Math.sqrt(sums.difference / sums.squaresA)),
    cosine: finite(sums.product / Math.sqrt(sums.squaresA * sums.squaresB)),
    largest: sums.largest,
    largestAt: indicesOf(sums.largestAt, one.shape),
    signsChanged: sums.signsChanged,
    histogram: histogramOf(one, other, sums.largest),
  };
}

function indicesOf(at: number, shape: readonly number[]): number[] {
  let rest = at;
  return shape
    .toReversed()
    .map((extent) => {
      const index = rest % extent;
      rest = (rest - index) / extent;
      return index;
    })
    .reverse();
}

function histogramOf({ values: a }: NamedTensor, { values: b }: NamedTensor, largest: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (let at = 0; at < a.length; at++) {
    const place = ((b[at] as number) - (a[at] as number) + largest) / (2 * largest);
    // NaN has no place.
    if (!(place >= 0 && place <= 1)) continue;
    const bin = Math.min(bins - 1, Math.floor(place * bins));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}
