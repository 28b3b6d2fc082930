import type { Alignment } from './align.ts';
import type { ColumnView } from './column-view.ts';
import { sameValue } from './same-values.ts';
import type { ColumnPair, TableView } from './table-view.ts';

/** A value for people and programs: a number, a text, or the first numbers of many. What JSON has no word for is a text. */
export type ShownValue = null | number | string | readonly (number | string)[];

/** A row that changed, with the columns of it that differ. */
export interface SampledRow {
  /** Its place in A and in B, from 0. */
  readonly a: number;
  readonly b: number;
  /** The values of the key, where rows were aligned by one. */
  readonly key?: Readonly<Record<string, ShownValue>>;
  readonly columns: readonly { readonly name: string; readonly a: ShownValue; readonly b: ShownValue }[];
}

/** Some of the rows that differ. */
export interface RowSamples {
  /** The first that changed. */
  readonly first: readonly SampledRow[];
  /** Those that differ most, by the largest difference as a share of its column's range; the worst first. */
  readonly worst: readonly SampledRow[];
  /** The first that moved, places before and after. */
  readonly moved: readonly { readonly a: number; readonly b: number }[];
  /** Places of the first that were removed from A, and that were added to B. */
  readonly removed: readonly number[];
  readonly added: readonly number[];
}

/** How many rows of each sort are shown, and numbers of a row of many. */
const most = 10;
const mostNumbers = 8;
const longestText = 200;

/** The value of a row. */
export function shownValue(column: ColumnView, row: number): ShownValue {
  const chunk = column.chunkOf(row);
  if (column.isNull(chunk, row)) return null;
  if (column.kind === 'bytes') {
    if (!column.isText) return `${column.count(chunk, row)} bytes`;
    const text = column.text(row) ?? '';
    return text.length > longestText ? `${text.slice(0, longestText)}…` : text;
  }
  const numbers = Array.from(column.numbers(row).subarray(0, mostNumbers), shownNumber);
  if (column.size === 1 && column.shape === undefined) return numbers[0] ?? null;
  const left = column.count(chunk, row) - numbers.length;
  return left > 0 ? [...numbers, `… ${left} more`] : numbers;
}

function shownNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

/** Picks the rows to show. `score`: how much each row of A differs. */
export function sampleRows(
  a: TableView,
  pairs: readonly ColumnPair[],
  alignment: Alignment,
  marks: { readonly changed: Uint8Array; readonly score: Float32Array },
): RowSamples {
  const sampled = (row: number): SampledRow => sampledRow(a, pairs, alignment, row);
  const flagged = (flags: Uint8Array): number[] => firstOf(flags, (value) => value === 1);
  return {
    first: flagged(marks.changed).map(sampled),
    worst: worstOf(marks.score).map(sampled),
    moved: flagged(alignment.moved).map((row) => ({ a: row, b: alignment.toB[row] as number })),
    removed: firstOf(alignment.toB, (row) => row < 0),
    added: [...alignment.added.subarray(0, most)],
  };
}

function firstOf(values: Uint8Array | Int32Array, accept: (value: number) => boolean): number[] {
  const found: number[] = [];
  for (let row = 0; row < values.length && found.length < most; row++)
    if (accept(values[row] as number)) found.push(row);
  return found;
}

/** The rows of the highest scores above 0, in one pass; of equal ones the first. */
export function worstOf(score: Float32Array | Float64Array, count = most): number[] {
  const worst: number[] = [];
  const of = (row: number): number => score[row] as number;
  for (let row = 0; row < score.length; row++) {
    if (!(of(row) > 0) || (worst.length === count && of(row) <= of(worst.at(-1) as number))) continue;
    const place = worst.findIndex((other) => of(other) < of(row));
    worst.splice(place < 0 ? worst.length : place, 0, row);
    worst.length = Math.min(worst.length, count);
  }
  return worst;
}

function sampledRow(a: TableView, pairs: readonly ColumnPair[], { rule, toB }: Alignment, row: number): SampledRow {
  const rowB = toB[row] as number;
  const key = rule.key?.flatMap((name) => a.columns.find((column) => column.name === name) ?? []);
  return {
    a: row,
    b: rowB,
    ...(key === undefined
      ? {}
      : { key: Object.fromEntries(key.map((column) => [column.name, shownValue(column, row)])) }),
    columns: pairs
      .filter((pair) => !sameValue(pair, row, rowB))
      .map((pair) => ({ name: pair.name, a: shownValue(pair.a, row), b: shownValue(pair.b, rowB) })),
  };
}
