import { columnsOf, type WidthOf } from './clip.ts';

/** Rows of cells as lines, each column as wide as its widest cell; numbers stand right. */
export function columns(rows: readonly (readonly string[])[], right: ReadonlySet<number>, widthOf: WidthOf): string[] {
  const widths = widthsOf(rows, widthOf);
  const padded = (cell: string, at: number): string => {
    const room = ' '.repeat((widths[at] ?? 0) - columnsOf(cell, widthOf));
    return right.has(at) ? room + cell : cell + room;
  };
  return rows.map((row) => row.map(padded).join('  ').trimEnd());
}

/** Columns that the widest cell of each place takes. */
export function widthsOf(rows: readonly (readonly string[])[], widthOf: WidthOf): number[] {
  return rows.reduce<number[]>(
    (most, row) => row.map((cell, at) => Math.max(most[at] ?? 0, columnsOf(cell, widthOf))),
    [],
  );
}
