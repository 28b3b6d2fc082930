import { type Field, type Table, tableFromIPC } from 'apache-arrow';
import { ok, type Result } from '../util/result.ts';
import { fileBytes } from './map-file.ts';
import { openArtifact } from './reader.ts';

/** What a cell can be shown as. A tensor or a list is its first values and how many there are. */
export type Cell =
  | string
  | number
  | null
  | { readonly values: readonly (number | null)[]; readonly length: number }
  | { readonly bytes: number };

export interface ColumnDescription {
  readonly name: string;
  /** Arrow's name of the type. */
  readonly type: string;
  readonly nullable: boolean;
  /** Of a tensor column: of one row. */
  readonly shape?: readonly number[];
}

/** A table for people who look at a part of it. */
export interface TableView {
  readonly rows: number;
  readonly columns: readonly ColumnDescription[];
  /** Schema metadata, without the prefix `pipe.`. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Rows from `from` on, cells in the order of the columns. */
  cells(from: number, count: number): Cell[][];
}

/** Values of a list or a tensor that a cell shows, and characters of a text. */
const mostValues = 8;
const mostCharacters = 2000;

/** Opens an artifact to look at it. The file must have been checked by its digest (see `openArtifact`). */
export function openTableView(path: string): Result<TableView> {
  const whole = openArtifact(path);
  if (!whole.ok) return whole;
  const table = tableFromIPC(fileBytes(path));
  return ok({
    rows: table.numRows,
    columns: table.schema.fields.map(describe),
    metadata: whole.value.metadata,
    cells: (from, count) => cellsOf(table, from, count),
  });
}

function describe(field: Field): ColumnDescription {
  const tensor = field.metadata.get('ARROW:extension:metadata');
  const shape = tensor === undefined ? undefined : (JSON.parse(tensor) as { shape?: number[] }).shape;
  const { name, nullable } = field;
  return { name, type: String(field.type), nullable, ...(shape === undefined ? {} : { shape }) };
}

function cellsOf(table: Table, from: number, count: number): Cell[][] {
  const columns = table.schema.fields.map((_, index) => table.getChildAt(index));
  const end = Math.min(table.numRows, from + count);
  const rows: Cell[][] = [];
  for (let row = from; row < end; row++) rows.push(columns.map((column) => cellOf(column?.get(row))));
  return rows;
}

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'string') return value.length > mostCharacters ? `${value.slice(0, mostCharacters)}…` : value;
  if (value instanceof Uint8Array) return { bytes: value.byteLength };
  if (isList(value)) {
    const values: (number | null)[] = [];
    for (let index = 0; index < Math.min(mostValues, value.length); index++) {
      const one = value.get(index);
      values.push(typeof one === 'number' && Number.isFinite(one) ? one : null);
    }
    return { values, length: value.length };
  }
  return String(value);
}

function isList(value: unknown): value is { readonly length: number; get(index: number): unknown } {
  return typeof value === 'object' && value !== null && 'length' in value && 'get' in value;
}
