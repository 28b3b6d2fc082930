import { type Alignment, type AlignmentRule, alignRows } from './align.ts';
import { type ColumnDifference, columnDifference, type RowMarks } from './column-difference.ts';
import { type ColumnStatistics, columnStatistics } from './column-statistics.ts';
import { type RowSamples, sampleRows } from './sampled-rows.ts';
import { type SchemaDifference, sameSchema, schemaDifference } from './schema-difference.ts';
import { type ColumnPair, columnPairs, comparable, type TableView } from './table-view.ts';
import { type Tolerance, usualTolerance } from './tolerance.ts';

/** A column that stands in both tables. */
export interface ColumnDiff {
  readonly name: string;
  /** Types of both sides. */
  readonly types: { readonly a: string; readonly b: string };
  /** Left out where the values cannot be compared. */
  readonly difference?: ColumnDifference;
  readonly statistics: { readonly a: ColumnStatistics; readonly b: ColumnStatistics };
}

/** Numbers of rows: of both sides, and what became of them. A row that moved may have changed too. */
export interface RowCounts {
  readonly a: number;
  readonly b: number;
  /** Rows of both sides of which no value differs. */
  readonly same: number;
  readonly changed: number;
  readonly added: number;
  readonly removed: number;
  readonly moved: number;
}

/** All that differs between two tables. */
export interface TableDiff {
  /** Whether nothing differs: schema, metadata, rows, and their order. */
  readonly same: boolean;
  readonly alignment: AlignmentRule;
  readonly schema: SchemaDifference;
  readonly rows: RowCounts;
  /** Columns of both; of files that are the same none, since nothing was looked at. */
  readonly columns: readonly ColumnDiff[];
  readonly samples: RowSamples;
}

/** How to compare. */
export interface TableDiffOptions {
  /** Columns that name a row, instead of those that the artifact's type has. */
  readonly key?: readonly string[];
  /** Instead of each type's own. */
  readonly tolerance?: Tolerance;
}

/** A comparison of two tables, with what more special ones go on from. */
export interface ComparedTables {
  readonly diff: TableDiff;
  readonly alignment: Alignment;
  /** 1 where a row of A that has a row of B differs from it. */
  readonly changed: Uint8Array;
  readonly score: Float32Array;
}

const noSamples: RowSamples = { first: [], worst: [], moved: [], removed: [], added: [] };

/**
 * Compares two tables as a whole: schema, rows by a stated alignment, and each value of each row that both have. Time and memory go by
 * values and by a few bytes a row; nothing is sampled but the rows that are shown.
 */
export function diffTables(a: TableView, b: TableView, options: TableDiffOptions = {}): TableDiff {
  return compareTables(a, b, options).diff;
}

/** The same, with the alignment and the rows that changed. */
export function compareTables(a: TableView, b: TableView, options: TableDiffOptions = {}): ComparedTables {
  if (Buffer.compare(a.bytes, b.bytes) === 0) return sameFiles(a, b);
  const schema = schemaDifference(a, b);
  const alignment = alignRows(a, b, options.key);
  const marks: RowMarks = { changed: new Uint8Array(a.rows), score: new Float32Array(a.rows) };
  const pairs = columnPairs(a, b);
  const columns = pairs.map((pair) => columnDiff(pair, alignment, marks, options.tolerance));
  const rows = rowCounts(a, b, alignment, marks);
  const samples = sampleRows(a, pairs.filter(comparable), alignment, marks);
  const same = sameSchema(schema) && rows.changed + rows.added + rows.removed + rows.moved === 0;
  const diff = { same, alignment: alignment.rule, schema, rows, columns, samples };
  return { diff, alignment, ...marks };
}

function columnDiff(pair: ColumnPair, { toB }: Alignment, marks: RowMarks, asked: Tolerance | undefined): ColumnDiff {
  const statistics = { a: columnStatistics(pair.a), b: columnStatistics(pair.b) };
  const common = { name: pair.name, types: { a: pair.a.type, b: pair.b.type }, statistics };
  if (!comparable(pair)) return common;
  const tolerance = asked ?? usualTolerance(pair.a.element, pair.b.element);
  const difference = columnDifference(pair, toB, tolerance, rangeOf(statistics.a, statistics.b), marks);
  return { ...common, difference };
}

function rangeOf(a: ColumnStatistics, b: ColumnStatistics): number {
  const low = Math.min(a.min ?? Number.POSITIVE_INFINITY, b.min ?? Number.POSITIVE_INFINITY);
  const high = Math.max(a.max ?? Number.NEGATIVE_INFINITY, b.max ?? Number.NEGATIVE_INFINITY);
  return high > low ? high - low : 0;
}

function rowCounts(a: TableView, b: TableView, { toB, moved, added }: Alignment, marks: RowMarks): RowCounts {
  const count = (flags: Uint8Array): number => flags.reduce((sum, flag) => sum + flag, 0);
  const changed = count(marks.changed);
  const removed = toB.reduce((sum, row) => sum + (row < 0 ? 1 : 0), 0);
  const same = a.rows - removed - changed;
  return { a: a.rows, b: b.rows, same, changed, added: added.length, removed, moved: count(moved) };
}

function sameFiles(a: TableView, b: TableView): ComparedTables {
  const rule: AlignmentRule = { by: 'digest' };
  const rows = { a: a.rows, b: b.rows, same: a.rows, changed: 0, added: 0, removed: 0, moved: 0 };
  const diff = {
    same: true,
    alignment: rule,
    schema: schemaDifference(a, a),
    rows,
    columns: [],
    samples: noSamples,
  };
  const toB = Int32Array.from({ length: a.rows }, (_, row) => row);
  const alignment = { rule, toB, moved: new Uint8Array(a.rows), added: new Int32Array() };
  return { diff, alignment, changed: new Uint8Array(a.rows), score: new Float32Array(a.rows) };
}
