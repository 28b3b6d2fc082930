import type pc from 'picocolors';
import { clip, columnsOf, type WidthOf } from './clip.ts';
import { harmlessLine } from './format.ts';
import { fitParts } from './parts.ts';
import type { StageStatus } from './state.ts';
import type { TreeRow } from './tree.ts';

type Colors = ReturnType<typeof pc.createColors>;

/** How wide lines may be, and how widths are counted. */
export interface Space {
  readonly columns: number;
  readonly widthOf: WidthOf;
}

const marks: Readonly<Record<StageStatus, string>> = {
  waiting: '·',
  running: '▸',
  done: '✔',
  cached: '=',
  failed: '✖',
  skipped: '-',
};

const shortestName = 12;

/** Columns from which on a line has room for a wide bar; columns of both bars. */
const wide = 100;
const wideBar = 16;
const narrowBar = 8;

/** Columns of the names, so that what stands behind them is one column too: at most two fifths of the line. */
export function nameColumns(rows: readonly TreeRow[], { columns, widthOf }: Space): number {
  const longest = rows.reduce(
    (most, { name, depth }) => Math.max(most, columnsOf(harmlessLine(name), widthOf) + 2 * depth),
    shortestName,
  );
  return Math.min(longest, Math.max(shortestName, Math.floor(columns * 0.4)));
}

/** A row as a line of at most so many columns: mark, name, and of the details what has room. */
export function rowLine(row: TreeRow, names: number, space: Space, now: number, colors: Colors): string {
  const { columns, widthOf } = space;
  const indent = '  '.repeat(1 + row.depth);
  const name = clip(harmlessLine(row.name), names - 2 * row.depth, widthOf);
  const padding = ' '.repeat(Math.max(0, names - 2 * row.depth - columnsOf(name, widthOf)));
  const parts = row
    .parts(now, columns < wide ? narrowBar : wideBar)
    .map(({ text, weight }) => ({ text: harmlessLine(text), weight }));
  const room = columns - indent.length - 2 - (names - 2 * row.depth) - 2;
  const detail = fitParts(parts, room, widthOf);
  const head = `${marks[row.status]} ${name}`;
  return clip(`${indent}${paint(colors, row.status, head)}${padding}  ${detail}`.trimEnd(), columns, widthOf);
}

function paint(colors: Colors, status: StageStatus, text: string): string {
  switch (status) {
    case 'done':
      return colors.green(text);
    case 'failed':
      return colors.red(text);
    case 'running':
      return colors.cyan(text);
    default:
      return colors.dim(text);
  }
}
