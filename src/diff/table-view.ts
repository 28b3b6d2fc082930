import { type ArrowFile, type Artifact, artifactOfFile, openArrowFile } from '../artifact/reader.ts';
import { ok, type Result } from '../util/result.ts';
import { ColumnView } from './column-view.ts';

/** One side of a comparison: an opened Arrow file with its columns as plain arrays. */
export interface TableView {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly rows: number;
  readonly columns: readonly ColumnView[];
  readonly metadata: Readonly<Record<string, string>>;
  /** The same as an artifact, for what knows its type. */
  readonly artifact: Artifact;
}

/** Opens an Arrow file for comparison; errors as of `openArrowFile`. */
export function openTableView(path: string): Result<TableView> {
  const file = openArrowFile(path);
  return file.ok ? ok(tableView(file.value)) : file;
}

/** An opened Arrow file as one side of a comparison. */
export function tableView(file: ArrowFile): TableView {
  const { table, path, bytes } = file;
  return {
    path,
    bytes,
    rows: table.numRows,
    columns: table.schema.fields.map((_, index) => new ColumnView(table, index)),
    metadata: Object.fromEntries(table.schema.metadata),
    artifact: artifactOfFile(file),
  };
}

/** Columns that stand in both tables and can be compared value by value. */
export interface ColumnPair {
  readonly name: string;
  readonly a: ColumnView;
  readonly b: ColumnView;
}

/** Whether two columns can be compared value by value: numbers with numbers of the same shape, bytes with bytes. */
export function comparable({ a, b }: ColumnPair): boolean {
  return a.kind === b.kind && a.size === b.size;
}

/** Columns of the same name in both tables, in the order of the first. */
export function columnPairs(a: TableView, b: TableView): ColumnPair[] {
  return a.columns.flatMap((column) => {
    const other = b.columns.find(({ name }) => name === column.name);
    if (other === undefined) return [];
    const pair = { name: column.name, a: column, b: other };
    // Lists of which only one table has null items: the same type, but not the same form.
    const isSameType = pair.a.type === pair.b.type && !comparable(pair);
    return [isSameType ? { ...pair, a: column.asText(), b: other.asText() } : pair];
  });
}
