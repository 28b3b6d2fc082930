import pc from 'picocolors';
import type { RunEvent } from '../events/event.ts';
import { debugLine } from './debug-line.ts';
import { headerText } from './footer.ts';
import { duration, harmless } from './format.ts';
import { isTold, type Reporter, type ReporterOptions, tellOnStandardError } from './reporter.ts';
import { stageDetail } from './stage-parts.ts';
import { advance, initialState, type StageState } from './state.ts';
import { failureLines, summaryLines } from './summary.ts';

/** Jobs of a stage above which not every one gets a line. */
const manyJobs = 50;
/** Then one in so many, or after so many milliseconds. */
const linesOfMany = 20;
const longestSilence = 10_000;

/** Writes a line for each thing that happened, for logs and pipes. */
export function plainReporter({ out, stages, colors, logLevel }: ReporterOptions): Reporter {
  const paint = pc.createColors(colors);
  const state = initialState(stages);
  const told = new Map<string, number>();
  const print = (line: string): void => void out.write(`${harmless(line)}\n`);
  let lastStep = '';
  const isDue = (stage: StageState, at: number): boolean => {
    if (stage.jobs <= manyJobs || isTold('debug', logLevel)) return true;
    const due = stage.finishedJobs % Math.ceil(stage.jobs / linesOfMany) === 0;
    if (!due && at - (told.get(stage.id) ?? 0) < longestSilence) return false;
    told.set(stage.id, at);
    return true;
  };
  const tellJob = (event: Extract<RunEvent, { type: 'job-finished' }>): void => {
    const stage = state.stages.get(event.stage);
    if (event.cached || stage === undefined || stage.jobs <= 1 || event.job === event.stage) return;
    if (!isDue(stage, event.at)) return;
    const score = event.score === undefined ? '' : `, score ${event.score.toFixed(4)}`;
    const finding = event.finding === undefined ? '' : `, ${event.finding}`;
    print(`${event.job}: ${duration(event.seconds)}${score}${finding} (${stage.finishedJobs} of ${stage.jobs})`);
  };
  const tell = (event: RunEvent): void => {
    switch (event.type) {
      case 'run-started':
        print(headerText(state));
        break;
      case 'devices':
        if (event.gpus.length > 0) print(`GPUs: ${event.gpus.map(({ name, id }) => `${name} (${id})`).join(', ')}`);
        break;
      case 'expected':
        if (event.unknownJobs === 0 && event.seconds >= 1)
          print(`expected to take ${duration(event.seconds)}, at least ${duration(event.lowerBound)}`);
        break;
      case 'set-up':
        if (event.step !== lastStep && event.step !== '') print(`setting up TensorFlow: ${event.step}`);
        lastStep = event.step;
        break;
      case 'job-finished':
        tellJob(event);
        break;
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
  };
  let notices = 0;
  return {
    onEvent: (event) => {
      advance(state, event);
      if (isTold('info', logLevel)) tell(event);
      for (; notices < state.notices.length; notices++) {
        const notice = state.notices[notices];
        if (notice !== undefined && isTold(notice.level === 'note' ? 'info' : 'warning', logLevel))
          print(`${notice.level}: ${notice.text}`);
      }
      if (isTold('debug', logLevel)) for (const line of debugLine(event)) print(line);
    },
    end: (reports) => {
      for (const line of failureLines(state, paint)) out.write(`${line}\n`);
      for (const line of summaryLines(state, paint, reports)) out.write(`${line}\n`);
    },
    tell: tellOnStandardError,
    close: () => {},
  };
}
