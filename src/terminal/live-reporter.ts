import pc from 'picocolors';
import type { RunEvent } from '../events/event.ts';
import { remembering, type WidthOf } from './clip.ts';
import { debugLine } from './debug-line.ts';
import { gpuText, headerText } from './footer.ts';
import { harmless } from './format.ts';
import { frameLines } from './frame.ts';
import { failureLines, isTold, type Reporter, type ReporterOptions } from './reporter.ts';
import { advance, initialState } from './state.ts';
import { summaryLines } from './summary.ts';

/** Milliseconds between two frames, and after which a frame is due though nothing happened: times go on. */
const frameEvery = 100;
const stillEvery = 1000;

const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
/** Between these a terminal that knows them shows nothing half-drawn; others ignore them. */
const beginFrame = '\u001b[?2026h';
const endFrame = '\u001b[?2026l';

/** Redraws its lines in place. What is to stay (warnings, notes) is written above them. */
export function liveReporter({ out, stages, colors, logLevel }: ReporterOptions, widthOf: WidthOf): Reporter {
  const rememberedWidth = remembering(widthOf);
  const paint = pc.createColors(colors);
  const state = initialState(stages);
  const above: string[] = [];
  let drawn: readonly string[] = [];
  let columns = out.columns ?? 80;
  let timer: NodeJS.Timeout | undefined;
  let notices = 0;
  let changed = true;
  let drawnAt = 0;

  /** One column stays free, as terminals wrap late or early after the last one; one row for the cursor. */
  const frame = (now: number): string[] =>
    frameLines(
      state,
      Math.max(1, (out.rows ?? 40) - 1),
      { columns: columns - 1, widthOf: rememberedWidth },
      now,
      paint,
    );
  const erase = (): string => (drawn.length === 0 ? '' : `\u001b[${drawn.length}A\r\u001b[J`);
  const draw = (now: number): void => {
    for (; notices < state.notices.length; notices++) {
      const notice = state.notices[notices];
      if (notice === undefined || !isTold(notice.level === 'note' ? 'info' : 'warning', logLevel)) continue;
      const text = harmless(notice.text);
      above.push(notice.level === 'warning' ? paint.yellow(text) : text);
    }
    const lines = isTold('info', logLevel) ? frame(now) : [];
    if (above.length === 0 && lines.length === drawn.length && lines.every((line, row) => line === drawn[row])) return;
    const fresh = above.splice(0).join('\n');
    out.write(
      `${beginFrame}${erase()}${fresh}${fresh === '' ? '' : '\n'}${lines.map((line) => `${line}\n`).join('')}${endFrame}`,
    );
    drawn = lines;
  };
  const tick = (): void => {
    const now = Date.now();
    if (!changed && now - drawnAt < stillEvery) return;
    changed = false;
    drawnAt = now;
    draw(now);
  };
  /** A terminal that became narrower has wrapped the lines: how many rows they take now is known only by their widths. */
  const onResize = (): void => {
    const narrower = out.columns ?? 80;
    const rows = drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / narrower)), 0);
    if (drawn.length > 0) out.write(`\u001b[${rows}A\r\u001b[J`);
    drawn = [];
    columns = narrower;
    changed = true;
  };
  const onExit = (): void => void out.write(showCursor);
  const close = (): void => {
    clearInterval(timer);
    if (timer === undefined) return;
    timer = undefined;
    out.removeListener('resize', onResize);
    process.removeListener('exit', onExit);
    out.write(showCursor);
  };
  return {
    onEvent: (event: RunEvent) => {
      advance(state, event);
      changed = true;
      if (isTold('debug', logLevel)) above.push(...debugLine(event).map((line) => paint.dim(harmless(line))));
      if (event.type === 'run-started' && isTold('info', logLevel)) above.push(paint.bold(headerText(state)));
      if (event.type === 'devices' && event.gpus.length > 0 && isTold('info', logLevel)) above.push(gpuText(state));
      if (event.type !== 'run-started') return;
      timer = setInterval(tick, frameEvery);
      timer.unref();
      out.on('resize', onResize);
      process.once('exit', onExit);
      out.write(hideCursor);
    },
    end: (reports) => {
      if (isTold('info', logLevel)) draw(Date.now());
      close();
      for (const line of failureLines(state)) out.write(`${harmless(line)}\n`);
      out.write(`\n${summaryLines(state, paint, reports).join('\n')}\n`);
    },
    tell: (line) => {
      above.push(paint.yellow(harmless(line)));
      changed = true;
      draw(Date.now());
    },
    close,
  };
}
