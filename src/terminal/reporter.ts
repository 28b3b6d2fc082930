import pc from 'picocolors';
import { formatFailure } from '../errors/failure.ts';
import type { RunEvent } from '../events/event.ts';
import { bar, duration, harmless } from './format.ts';
import { stageDetail, stageLines, summaryLines } from './lines.ts';
import { advance, initialState, type RunState } from './state.ts';

/** Shows a run to whoever started it. */
export interface Reporter {
  onEvent(event: RunEvent): void;
  /** Shows the end; `reports` are files that the run wrote for people. */
  end(reports: readonly string[]): void;
}

export type ReporterMode = 'live' | 'plain' | 'quiet' | 'json';

export interface ReporterOptions {
  readonly mode: ReporterMode;
  readonly stages: readonly string[];
  readonly out: NodeJS.WriteStream;
  readonly colors: boolean;
}

/** Makes the reporter of a mode: a tree that is redrawn, plain lines, the end only, or events as JSON lines. */
export function createReporter(options: ReporterOptions): Reporter {
  switch (options.mode) {
    case 'live':
      return liveReporter(options);
    case 'plain':
      return plainReporter(options, true);
    case 'quiet':
      return plainReporter(options, false);
    case 'json':
      return { onEvent: (event) => options.out.write(`${JSON.stringify(event)}\n`), end: () => {} };
  }
}

function failureLines(state: RunState): string[] {
  return state.failures.flatMap(({ job, failure, log }) => [
    '',
    `${job} failed: ${formatFailure(failure)}`,
    ...(log === undefined ? [] : [`  log: ${log}`]),
  ]);
}

function header(event: Extract<RunEvent, { type: 'run-started' }>): string {
  const slow = event.backend === 'cpu' ? ', pure JavaScript (slow)' : '';
  return `${event.pipeline}, profile ${event.profile}, ${event.workers} worker${event.workers === 1 ? '' : 's'}${slow}`;
}

function plainReporter({ out, stages, colors }: ReporterOptions, chatty: boolean): Reporter {
  const paint = pc.createColors(colors);
  const state = initialState(stages);
  const print = (line: string): void => {
    if (chatty) out.write(`${harmless(line)}\n`);
  };
  let lastStep = '';
  return {
    onEvent: (event) => {
      advance(state, event);
      switch (event.type) {
        case 'run-started':
          print(header(event));
          break;
        case 'notice':
          print(`${event.level}: ${event.text}`);
          break;
        case 'set-up':
          if (event.step !== lastStep && event.step !== '') print(`setting up TensorFlow: ${event.step}`);
          lastStep = event.step;
          break;
        case 'job-finished': {
          const stage = state.stages.get(event.stage);
          if (event.cached || stage === undefined || stage.jobs <= 1 || event.job === event.stage) break;
          const score = event.score === undefined ? '' : `, score ${event.score.toFixed(4)}`;
          const finding = event.finding === undefined ? '' : `, ${event.finding}`;
          print(`${event.job}: ${duration(event.seconds)}${score}${finding} (${stage.finishedJobs} of ${stage.jobs})`);
          break;
        }
        case 'stage-finished': {
          const stage = state.stages.get(event.stage);
          if (stage !== undefined)
            print(
              `${event.stage}: ${event.status === 'done' ? 'done ' : ''}${stageDetail(stage, event.at).replaceAll('  ', ', ')}`,
            );
          break;
        }
        default:
          break;
      }
    },
    end: (reports) => {
      for (const line of failureLines(state)) out.write(`${harmless(line)}\n`);
      for (const line of summaryLines(state, paint, reports)) out.write(`${line}\n`);
    },
  };
}

/** Rewrites its lines in place, at most ten times a second. */
function liveReporter({ out, stages, colors }: ReporterOptions): Reporter {
  const paint = pc.createColors(colors);
  const state = initialState(stages);
  let drawn = 0;
  let timer: NodeJS.Timeout | undefined;
  let shownNotices = 0;
  const frame = (): string[] => {
    const lines = stageLines(state, paint, Date.now());
    // A long matrix must not scroll the terminal: finished stages leave first.
    const room = Math.max(5, (out.rows ?? 40) - 4);
    const shown = lines.length <= room ? lines : [...lines.slice(lines.length - room)];
    const step = state.setUp;
    if (step !== undefined) {
      const share =
        step.received === undefined || step.total === undefined
          ? ''
          : `  ${bar(step.received / step.total, 24)} ${Math.round(step.received / 1e6)} of ${Math.round(step.total / 1e6)} MB`;
      shown.push(paint.cyan(`  setting up TensorFlow: ${step.step}${share}`));
    }
    return shown.map((line) => clip(line, (out.columns ?? 80) - 1));
  };
  const erase = (): string => (drawn === 0 ? '' : `\u001b[${drawn}A\u001b[J`);
  const draw = (): void => {
    const fresh = state.notices
      .slice(shownNotices)
      .map(({ level, text }) => (level === 'warning' ? paint.yellow(harmless(text)) : harmless(text)));
    shownNotices = state.notices.length;
    const lines = frame();
    out.write(`${erase()}${[...fresh, ...lines].map((line) => `${line}\n`).join('')}`);
    drawn = lines.length;
  };
  return {
    onEvent: (event) => {
      advance(state, event);
      if (event.type === 'run-started') {
        out.write(`${paint.bold(header(event))}\n`);
        timer = setInterval(draw, 100);
        timer.unref();
      }
    },
    end: (reports) => {
      clearInterval(timer);
      draw();
      for (const line of failureLines(state)) out.write(`${harmless(line)}\n`);
      out.write(`\n${summaryLines(state, paint, reports).join('\n')}\n`);
    },
  };
}

/** Cuts a line to a number of visible characters; colour codes take no room. */
function clip(line: string, width: number): string {
  let visible = 0;
  let cut = '';
  for (const part of line.split(/(\u001b\[[0-9;]*m)/)) {
    if (part.startsWith('\u001b')) {
      cut += part;
      continue;
    }
    const room = width - visible;
    cut += [...part].slice(0, Math.max(0, room)).join('');
    visible += [...part].length;
  }
  return cut;
}
