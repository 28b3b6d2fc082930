import { columnsOf, type WidthOf } from './clip.ts';

const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
/** Between these a terminal that knows them shows nothing half-drawn; others ignore them. */
const beginFrame = '\u001b[?2026h';
const endFrame = '\u001b[?2026l';
const clearLine = '\u001b[K';
const clearBelow = '\u001b[J';

/** The rows of a terminal in which a frame is drawn again and again, with lines above it that stay. */
export interface Screen {
  /** Columns that a line may take: one stays free, as terminals wrap late or early after the last one. */
  columns(): number;
  /** Rows that a frame may take: one stays free for the cursor. */
  rows(): number;
  /** Draws a frame over the one before, `above` first. The same frame again writes nothing. */
  draw(above: readonly string[], lines: readonly string[]): void;
  /** Leaves the terminal as it was. */
  close(): void;
}

/** Takes a terminal for frames: the cursor is hidden until `close`, also where the process exits or is suspended before. */
export function openScreen(out: NodeJS.WriteStream, widthOf: WidthOf, onChange: () => void): Screen {
  let drawn: readonly string[] = [];
  let height = 0;
  let columns = out.columns ?? 80;
  const onResize = (): void => {
    columns = out.columns ?? 80;
    // A terminal that became narrower has wrapped the lines: how many rows they take now is known only by their widths.
    height = drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / columns)), 0);
    drawn = [];
    onChange();
  };
  const draw = (above: readonly string[], lines: readonly string[]): void => {
    if (above.length === 0 && lines.length === drawn.length && lines.every((line, row) => line === drawn[row])) return;
    // Line by line: a screen that is cleared from its first row on goes into the scrollback of some terminals, each time.
    // Before its text: a line that was wrapped is one of its own again.
    const back = height === 0 ? '' : `\u001b[${height}A\r`;
    const told = above.flatMap((text) => text.split('\n'));
    const wraps = told.some((line) => columnsOf(withoutColors(line), widthOf) >= columns);
    const rows = [...told, ...lines].map((line) => `${clearLine}${line}\n`).join('');
    out.write(`${beginFrame}${back}${wraps ? clearBelow : ''}${rows}${clearBelow}${endFrame}`);
    drawn = lines;
    height = lines.length;
  };
  const released = holdCursor(out, () => {
    drawn = [];
    height = 0;
    onChange();
  });
  out.on('resize', onResize);
  return {
    columns: () => columns - 1,
    rows: () => Math.max(1, (out.rows ?? 40) - 1),
    draw,
    close: () => {
      out.removeListener('resize', onResize);
      released();
    },
  };
}

function withoutColors(line: string): string {
  return line.replace(/\u001b\[[0-9;]*m/g, '');
}

/** Hides the cursor until the returned function is called, or the process exits; while it is suspended (Ctrl-Z) it is shown. */
function holdCursor(out: NodeJS.WriteStream, onContinue: () => void): () => void {
  const show = (): void => void out.write(showCursor);
  const suspend = (): void => {
    show();
    process.kill(process.pid, 'SIGSTOP');
  };
  const proceed = (): void => {
    out.write(hideCursor);
    onContinue();
  };
  process.once('exit', show);
  process.on('SIGTSTP', suspend);
  process.on('SIGCONT', proceed);
  out.write(hideCursor);
  return () => {
    process.removeListener('exit', show);
    process.removeListener('SIGTSTP', suspend);
    process.removeListener('SIGCONT', proceed);
    show();
  };
}
