import type { Chunk, ColumnView } from './column-view.ts';

/** What a column holds, over all values of all its rows. Of no number at all the numbers are null. */
export interface ColumnStatistics {
  readonly rows: number;
  /** Rows that are null. */
  readonly nulls: number;
  /** Values that are NaN. */
  readonly nans: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
}

interface Sums {
  min: number;
  max: number;
  sum: number;
  counted: number;
  nans: number;
}

/** Takes the statistics of a column; of texts and bytes only nulls are counted. */
export function columnStatistics(column: ColumnView): ColumnStatistics {
  const sums: Sums = {
    min: Number.POSITIVE_INFINITY,
    max: Number.NEGATIVE_INFINITY,
    sum: 0,
    counted: 0,
    nans: 0,
  };
  let [rows, nulls] = [0, 0];
  for (const chunk of column.chunks) {
    rows += chunk.rows;
    const chunkNulls = nullsOf(column, chunk);
    nulls += chunkNulls;
    if (column.kind !== 'numbers') continue;
    if (chunkNulls === 0) addRange(sums, chunk, 0, column.count(chunk, chunk.first) * chunk.rows, column);
    else addWithoutNulls(sums, column, chunk);
  }
  const numbers =
    sums.counted === 0
      ? { min: null, max: null, mean: null }
      : { min: finite(sums.min), max: finite(sums.max), mean: finite(sums.sum / sums.counted) };
  return { rows, nulls, nans: sums.nans, ...numbers };
}

/** JSON has no infinity. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function nullsOf(column: ColumnView, chunk: Chunk): number {
  if (chunk.validity === undefined) return 0;
  let nulls = 0;
  for (let row = chunk.first; row < chunk.first + chunk.rows; row++) if (column.isNull(chunk, row)) nulls++;
  return nulls;
}

function addWithoutNulls(sums: Sums, column: ColumnView, chunk: Chunk): void {
  for (let row = chunk.first; row < chunk.first + chunk.rows; row++) {
    if (column.isNull(chunk, row)) continue;
    const start = column.start(chunk, row);
    addNumbers(sums, chunk, start, start + column.count(chunk, row));
  }
}

function addRange(sums: Sums, chunk: Chunk, start: number, length: number, column: ColumnView): void {
  const end = chunk.starts === undefined ? start + length : (chunk.starts[chunk.rows] as number);
  const from = chunk.starts === undefined ? start : (chunk.starts[0] as number);
  if (column.element === 'uint8') addBytes(sums, chunk, from, end);
  else addNumbers(sums, chunk, from, end);
}

/** Bytes are counted by their value: there are but 256, and as many pixels as a data set has. */
function addBytes(sums: Sums, { values }: Chunk, from: number, to: number): void {
  const counts = new Float64Array(256);
  for (let at = from; at < to; at++) {
    const value = values[at] as number;
    counts[value] = (counts[value] as number) + 1;
  }
  counts.forEach((count, value) => {
    if (count === 0) return;
    sums.min = Math.min(sums.min, value);
    sums.max = Math.max(sums.max, value);
    sums.sum += count * value;
    sums.counted += count;
  });
}

function addNumbers(sums: Sums, { values }: Chunk, from: number, to: number): void {
  let { min, max, sum, counted, nans } = sums;
  for (let at = from; at < to; at++) {
    const value = values[at] as number;
    if (Number.isNaN(value)) {
      nans++;
      continue;
    }
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    counted++;
  }
  Object.assign(sums, { min, max, sum, counted, nans });
}
