import pc from 'picocolors';
import type { RunEvent } from '../events/event.ts';
import { remembering, type WidthOf } from './clip.ts';
import { debugLine } from './debug-line.ts';
import { gpuText, headerText } from './footer.ts';
import { harmless } from './format.ts';
import { frameLines } from './frame.ts';
import { isTold, type Reporter, type ReporterOptions } from './reporter.ts';
import { openScreen, type Screen } from './screen.ts';
import { advance, initialState, type RunState } from './state.ts';
import { failureLines, summaryLines } from './summary.ts';

type Colors = ReturnType<typeof pc.createColors>;

/** Milliseconds between two frames, and after which a frame is due though nothing happened: times go on. */
const frameEvery = 100;
const stillEvery = 1000;

/** Redraws its lines in place. What is to stay (warnings, notes) is written above them. */
export function liveReporter({ out, stages, colors, logLevel }: ReporterOptions, widthOf: WidthOf): Reporter {
  const rememberedWidth = remembering(widthOf);
  const paint = pc.createColors(colors);
  const state = initialState(stages);
  const lasting = lastingLines(state, logLevel, paint);
  const above: string[] = [];
  let screen: Screen | undefined;
  let timer: NodeJS.Timeout | undefined;
  let changed = true;
  let drawnAt = 0;

  const draw = (now: number): void => {
    if (screen === undefined) return;
    const space = { columns: screen.columns(), widthOf: rememberedWidth };
    const lines = isTold('info', logLevel) ? frameLines(state, screen.rows(), space, now, paint) : [];
    screen.draw(above.splice(0), lines);
    changed = false;
    drawnAt = now;
  };
  const tick = (): void => {
    const now = Date.now();
    if (changed || now - drawnAt >= stillEvery) draw(now);
  };
  const start = (): void => {
    screen = openScreen(out, widthOf, () => {
      changed = true;
    });
    timer = setInterval(tick, frameEvery);
    timer.unref();
  };
  const close = (): void => {
    clearInterval(timer);
    screen?.close();
    screen = undefined;
    // What was told since the last frame, or before there was one.
    for (const line of above.splice(0)) out.write(`${line}\n`);
  };
  return {
    onEvent: (event) => {
      advance(state, event);
      above.push(...lasting(event));
      changed = true;
      if (event.type === 'run-started') start();
    },
    end: (reports) => {
      draw(Date.now());
      close();
      for (const line of failureLines(state, paint)) out.write(`${line}\n`);
      out.write(`\n${summaryLines(state, paint, reports).join('\n')}\n`);
    },
    tell: (line) => {
      above.push(paint.yellow(harmless(line)));
      if (screen === undefined) close();
      else draw(Date.now());
    },
    close,
  };
}

/** What of an event is told once and stays: the header, notices, and what `--log-level debug` tells. */
function lastingLines(
  state: RunState,
  logLevel: ReporterOptions['logLevel'],
  paint: Colors,
): (event: RunEvent) => string[] {
  let notices = 0;
  return (event) => {
    const lines = isTold('debug', logLevel) ? debugLine(event).map((line) => paint.dim(harmless(line))) : [];
    if (event.type === 'run-started' && isTold('info', logLevel)) lines.push(paint.bold(headerText(state)));
    if (event.type === 'devices' && event.gpus.length > 0 && isTold('info', logLevel)) lines.push(gpuText(state));
    for (; notices < state.notices.length; notices++) {
      const notice = state.notices[notices];
      if (notice === undefined || !isTold(notice.level === 'note' ? 'info' : 'warning', logLevel)) continue;
      const text = harmless(notice.text);
      lines.push(notice.level === 'warning' ? paint.yellow(text) : text);
    }
    return lines;
  };
}
