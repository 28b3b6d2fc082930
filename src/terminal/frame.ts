import type pc from 'picocolors';
import { clip } from './clip.ts';
import { foldRows } from './fold.ts';
import { footerLines } from './footer.ts';
import { bar, harmlessLine } from './format.ts';
import { nameColumns, rowLine, type Space } from './layout.ts';
import type { RunState } from './state.ts';
import { treeRows } from './tree.ts';

type Colors = ReturnType<typeof pc.createColors>;

/** Below this many rows the line that parts the footer from the tree is one too many. */
const roomy = 10;

/** Rows of the last frame: it is not drawn again, so it may scroll. */
const lastRows = 60;

/**
 * What the live view shows: at most `rows` lines of at most `space.columns` columns. A run that ended shows its whole tree,
 * also where that is higher than the terminal. `now` in milliseconds since the epoch.
 */
export function frameLines(state: RunState, rows: number, space: Space, now: number, colors: Colors): string[] {
  const ended = state.finished !== undefined;
  const footer = [...footerLines(state, space, now, colors), ...setUpLine(state, colors)];
  const parted = footer.length > 0 && rows >= roomy ? ['', ...footer] : footer;
  const below = parted.slice(0, Math.max(0, rows - 1));
  const all = treeRows(state);
  const folded = foldRows(all, ended ? Math.max(rows, lastRows) : rows - below.length);
  const names = nameColumns(all, space);
  const told = (text: string): string => `  ${colors.dim(text)}`;
  const tree = [
    ...folded.above.map(told),
    ...folded.rows.map((row) => rowLine(row, names, space, now, colors)),
    ...folded.below.map(told),
  ];
  return [...tree, ...below].map((line) => clip(line, space.columns, space.widthOf));
}

function setUpLine({ setUp }: RunState, colors: Colors): string[] {
  if (setUp === undefined) return [];
  const { step, received, total } = setUp;
  const megabytes = (bytes: number): number => Math.round(bytes / 1e6);
  const share =
    received === undefined || total === undefined
      ? ''
      : `  ${bar(received / total, 24)} ${megabytes(received)} of ${megabytes(total)} MB`;
  return [`  ${colors.cyan(`setting up TensorFlow: ${harmlessLine(step)}${share}`)}`];
}
