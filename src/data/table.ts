import { basename } from 'node:path';
import type { CsvError } from 'csv-parse';
import { failure } from '../errors/failure.ts';
import { err, ok, type Result } from '../util/result.ts';
import { suggestion } from '../util/suggest.ts';

/** What of a table of text is wanted. */
export interface TableRequest {
  /** The column of classes. */
  readonly label: string;
  /** Columns of numbers, in their order; undefined: all but the label. */
  readonly features?: readonly string[];
  readonly delimiter: string;
}

/** Rows of numbers with their classes. */
export interface LabelledTable {
  readonly features: readonly string[];
  /** rows * features; NaN where a cell is empty. */
  readonly values: Float32Array;
  /** Names of the classes in the order of their code points. */
  readonly classes: readonly string[];
  readonly labels: Int32Array;
  /** Empty cells, also those of labels: their label is -1. */
  readonly missing: number;
}

/** What spreadsheets and R write for a value that is not there. */
const empty: ReadonlySet<string> = new Set(['', 'NA', 'N/A', 'NaN', 'nan', 'null', '?']);

/**
 * Reads a CSV file whose first line names its columns. Errors: what is no CSV (with the line), a column that is not there, a cell that
 * is neither a number nor empty (with line and column), a table without rows.
 */
export async function readTable(path: string, text: string, request: TableRequest): Promise<Result<LabelledTable>> {
  const name = basename(path);
  const { parse } = await import('csv-parse/sync');
  let lines: { readonly record: string[]; readonly info: { readonly lines: number } }[];
  try {
    lines = parse(text, {
      bom: true,
      delimiter: request.delimiter,
      info: true,
      skip_empty_lines: true,
      trim: true,
    }) as never;
  } catch (problem) {
    const { message, lines: line } = problem as CsvError & { readonly lines?: number };
    return err(failure('table-syntax', `${name}${line === undefined ? '' : `:${line}`}: ${message}`));
  }
  const [head, ...rows] = lines;
  if (head === undefined || rows.length === 0)
    return err(failure('table-empty', `${name} has no row below its names of columns`));
  const columns = head.record;
  const wanted = request.features ?? columns.filter((column) => column !== request.label);
  for (const column of [request.label, ...wanted])
    if (!columns.includes(column))
      return err(failure('table-column', `${name} has no column "${column}"`, { hint: suggestion(column, columns) }));
  if (wanted.length === 0) return err(failure('table-column', `${name} has no column beside "${request.label}"`));
  const labelAt = columns.indexOf(request.label);
  const places = wanted.map((column) => columns.indexOf(column));
  const names = rows.map(({ record }) => record[labelAt] ?? '');
  const classes = [...new Set(names.filter((one) => !empty.has(one)))].sort();
  const numbers = new Map(classes.map((one, index) => [one, index]));
  const values = new Float32Array(rows.length * wanted.length);
  let missing = names.filter((one) => empty.has(one)).length;
  for (const [row, { record, info }] of rows.entries())
    for (const [feature, place] of places.entries()) {
      const cell = record[place] ?? '';
      const value = empty.has(cell) ? Number.NaN : Number(cell);
      if (empty.has(cell)) missing++;
      else if (!Number.isFinite(value)) {
        const message = `${name}:${info.lines}: "${cell}" in the column "${wanted[feature]}" is not a number`;
        return err(failure('table-number', message, { hint: 'leave the column out with features:, or mend the cell' }));
      }
      values[row * wanted.length + feature] = value;
    }
  return ok({
    features: wanted,
    values,
    classes,
    labels: Int32Array.from(names, (one) => numbers.get(one) ?? -1),
    missing,
  });
}
