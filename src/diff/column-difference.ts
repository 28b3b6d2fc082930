import type { Numbers } from './column-view.ts';
import { decidedByBytes, sameNumber, sameValue } from './same-values.ts';
import type { ColumnPair } from './table-view.ts';
import type { Tolerance } from './tolerance.ts';

/** Where a difference is: rows of both sides, and which value of the row. */
export interface Place {
  readonly a: number;
  readonly b: number;
  readonly element: number;
}

/** How two columns differ over the rows that both have. */
export interface ColumnDifference {
  /** Rows of which any value differs. */
  readonly changedRows: number;
  /** Values compared, and those that differ at all; NaN is the same as NaN. */
  readonly values: number;
  readonly changedValues: number;
  /** Of numbers: those that differ by more than the tolerance. */
  readonly beyondTolerance?: number;
  readonly tolerance?: Tolerance;
  /** Of numbers: the largest difference, where it is, and the mean over all values compared. */
  readonly largest?: number;
  readonly largestAt?: Place;
  readonly mean?: number;
}

/** What is marked of each row of A that has a row of B while columns are compared. */
export interface RowMarks {
  /** 1 where any column differs. */
  readonly changed: Uint8Array;
  /** The largest difference of a row over all columns, as a share of the column's range. */
  readonly score: Float32Array;
}

interface Tally {
  readonly tolerance: Tolerance;
  values: number;
  changed: number;
  beyond: number;
  largest: number;
  rowA: number;
  rowB: number;
  element: number;
  sum: number;
  /** The largest difference of the row that is compared. */
  rowLargest: number;
}

/** Compares a column row by row. `range`: what a difference is measured by when rows are ranked. */
export function columnDifference(
  pair: ColumnPair,
  toB: Int32Array,
  tolerance: Tolerance,
  range: number,
  marks: RowMarks,
): ColumnDifference {
  const tally: Tally = {
    tolerance,
    values: 0,
    changed: 0,
    beyond: 0,
    largest: 0,
    rowA: -1,
    rowB: -1,
    element: 0,
    sum: 0,
    rowLargest: 0,
  };
  let changedRows = 0;
  for (let rowA = 0; rowA < toB.length; rowA++) {
    const rowB = toB[rowA] as number;
    if (rowB < 0) continue;
    if (sameValue(pair, rowA, rowB)) {
      tally.values += valuesOf(pair, rowA);
      continue;
    }
    changedRows++;
    tally.rowLargest = 0;
    compareRow(pair, rowA, rowB, tally);
    marks.changed[rowA] = 1;
    marks.score[rowA] = Math.max(marks.score[rowA] as number, range > 0 ? tally.rowLargest / range : 0);
  }
  const common = { changedRows, values: tally.values, changedValues: tally.changed };
  if (pair.a.kind !== 'numbers') return common;
  return {
    ...common,
    beyondTolerance: tally.beyond,
    tolerance,
    ...(tally.rowA < 0
      ? {}
      : { largest: tally.largest, largestAt: { a: tally.rowA, b: tally.rowB, element: tally.element } }),
    mean: tally.values === 0 ? 0 : tally.sum / tally.values,
  };
}

/** A text or a byte string is one value. */
function valuesOf({ a }: ColumnPair, row: number): number {
  return a.kind === 'bytes' ? 1 : a.count(a.chunkOf(row), row);
}

/** A row that differs: what cannot be measured (null, another length, bytes) counts as one value, without a distance. */
function compareRow(pair: ColumnPair, rowA: number, rowB: number, tally: Tally): void {
  const { a, b } = pair;
  const [chunkA, chunkB] = [a.chunkOf(rowA), b.chunkOf(rowB)];
  const count = a.count(chunkA, rowA);
  const isMeasured =
    a.kind === 'numbers' && !a.isNull(chunkA, rowA) && !b.isNull(chunkB, rowB) && count === b.count(chunkB, rowB);
  if (!isMeasured) {
    tally.values += Math.max(1, valuesOf(pair, rowA));
    tally.changed++;
    tally.beyond++;
    return;
  }
  const before = tally.changed;
  const one: Slice = { values: chunkA.values, start: a.start(chunkA, rowA), row: rowA };
  compareNumbers(one, { values: chunkB.values, start: b.start(chunkB, rowB), row: rowB }, count, tally);
  // The largest whole numbers of 64 bits differ by their bytes, but not as doubles.
  if (tally.changed === before && decidedByBytes(pair)) {
    tally.changed++;
    tally.beyond++;
  }
}

/** The values of one row. */
interface Slice {
  readonly values: Numbers;
  readonly start: number;
  readonly row: number;
}

function compareNumbers(a: Slice, b: Slice, count: number, tally: Tally): void {
  const [valuesA, valuesB, startA, startB] = [a.values, b.values, a.start, b.start];
  const { absolute, relative } = tally.tolerance;
  for (let at = 0; at < count; at++) {
    const one = valuesA[startA + at] as number;
    const other = valuesB[startB + at] as number;
    if (sameNumber(one, other)) continue;
    tally.changed++;
    const distance = Math.abs(one - other);
    if (!Number.isFinite(distance) || distance > absolute + relative * Math.abs(one)) tally.beyond++;
    // From or to NaN or infinity there is no distance.
    if (!Number.isFinite(distance)) continue;
    tally.sum += distance;
    if (distance > tally.rowLargest) tally.rowLargest = distance;
    if (distance > tally.largest) Object.assign(tally, { largest: distance, rowA: a.row, rowB: b.row, element: at });
  }
  tally.values += count;
}
