import type { Chunk } from './column-view.ts';
import type { ColumnPair } from './table-view.ts';

/** Whole numbers of 64 bits come as doubles, which cannot tell the largest of them apart: their bytes decide. */
function isLong(element: string): boolean {
  return element.endsWith('64') && element !== 'float64';
}

/** Whether the same bytes mean the same values, and other bytes other values. */
export function decidedByBytes({ a, b }: ColumnPair): boolean {
  return a.kind === 'bytes' || (a.element === b.element && (isLong(a.element) || /^u?int/.test(a.element)));
}

/** Whether two numbers count as the same: NaN is NaN, 0 is -0. */
export function sameNumber(a: number, b: number): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b));
}

function sameBytes(a: Chunk, startA: number, b: Chunk, startB: number, count: number): boolean {
  if (a.width !== b.width) return false;
  const [fromA, fromB, length] = [startA * a.width, startB * b.width, count * a.width];
  return a.bytes.compare(b.bytes, fromB, fromB + length, fromA, fromA + length) === 0;
}

function sameNumbers(a: Chunk, startA: number, b: Chunk, startB: number, count: number): boolean {
  const [valuesA, valuesB] = [a.values, b.values];
  for (let at = 0; at < count; at++)
    if (!sameNumber(valuesA[startA + at] as number, valuesB[startB + at] as number)) return false;
  return true;
}

/** Whether a row of one column has the same value as a row of the other. */
export function sameValue(pair: ColumnPair, rowA: number, rowB: number): boolean {
  const { a, b } = pair;
  const [chunkA, chunkB] = [a.chunkOf(rowA), b.chunkOf(rowB)];
  const isNull = a.isNull(chunkA, rowA);
  if (isNull !== b.isNull(chunkB, rowB)) return false;
  if (isNull) return true;
  const count = a.count(chunkA, rowA);
  if (count !== b.count(chunkB, rowB)) return false;
  const [startA, startB] = [a.start(chunkA, rowA), b.start(chunkB, rowB)];
  const byBytes = decidedByBytes(pair);
  if (count === 1 && !byBytes) return sameNumber(chunkA.values[startA] as number, chunkB.values[startB] as number);
  if (count === 0) return true;
  if (a.element === b.element && sameBytes(chunkA, startA, chunkB, startB, count)) return true;
  return !byBytes && sameNumbers(chunkA, startA, chunkB, startB, count);
}

/** Whether a row of one table has the same values as a row of the other, in these columns. */
export function sameRow(pairs: readonly ColumnPair[], rowA: number, rowB: number): boolean {
  for (const pair of pairs) if (!sameValue(pair, rowA, rowB)) return false;
  return true;
}
