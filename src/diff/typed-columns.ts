import type { ColumnView, Numbers } from './column-view.ts';
import type { TableView } from './table-view.ts';

/** A column by its name; undefined where there is none. */
export function columnOf(view: TableView, name: string): ColumnView | undefined {
  return view.columns.find((column) => column.name === name);
}

/** The numbers of a column of one number a row, copied where they lie in several batches; undefined of other columns and of nulls. */
export function numbersOf(view: TableView, name: string): Numbers | undefined {
  const column = columnOf(view, name);
  if (column === undefined || column.kind !== 'numbers' || column.size !== 1) return undefined;
  if (column.chunks.some(({ validity }) => validity !== undefined)) return undefined;
  const [first, ...others] = column.chunks;
  if (first === undefined) return new Float64Array();
  if (others.length === 0) return first.values.subarray(0, first.rows);
  const all = new Float64Array(view.rows);
  for (const chunk of column.chunks) all.set(chunk.values.subarray(0, chunk.rows), chunk.first);
  return all;
}

/** The texts of a column, '' where there is none; undefined of other columns. */
export function textsOf(view: TableView, name: string): string[] | undefined {
  const column = columnOf(view, name);
  if (column === undefined || !column.isText) return undefined;
  return Array.from({ length: view.rows }, (_, row) => column.text(row) ?? '');
}

/** A column of tensors or of lists of numbers; undefined of others. */
export function vectorsOf(view: TableView, name: string): ColumnView | undefined {
  const column = columnOf(view, name);
  return column?.kind === 'numbers' && (column.size === undefined || column.shape !== undefined) ? column : undefined;
}

/** The names of the classes by their label, as the metadata has them. */
export function classesOf({ artifact }: TableView): readonly string[] {
  try {
    const names: unknown = JSON.parse(artifact.metadata['classes'] ?? '[]');
    return Array.isArray(names) ? names.map(String) : [];
  } catch {
    return [];
  }
}
