import type { Failure } from '../errors/failure.ts';
import type { RunEvent } from '../events/event.ts';
import type { Progress } from '../stage/stage-kind.ts';

export type StageStatus = 'waiting' | 'running' | 'done' | 'cached' | 'failed' | 'skipped';

/** A stage instance as a watcher sees it. */
export interface StageState {
  readonly id: string;
  status: StageStatus;
  /** Jobs that it fans out into (1 where it does not), and how many are done. */
  jobs: number;
  finishedJobs: number;
  cachedJobs: number;
  readonly running: Map<string, Progress | undefined>;
  bestScore: number | undefined;
  startedAt: number | undefined;
  /** Seconds of computing, cached ones included. */
  seconds: number;
  endedAt: number | undefined;
  reason: string | undefined;
}

export interface RunState {
  readonly stages: Map<string, StageState>;
  readonly notices: { readonly level: 'note' | 'warning'; readonly text: string }[];
  readonly failures: {
    readonly stage: string;
    readonly job: string;
    readonly failure: Failure;
    readonly log?: string;
  }[];
  setUp: { readonly step: string; readonly received?: number; readonly total?: number } | undefined;
  started: Extract<RunEvent, { type: 'run-started' }> | undefined;
  devices: Extract<RunEvent, { type: 'devices' }> | undefined;
  expected: Extract<RunEvent, { type: 'expected' }> | undefined;
  /** The newest look at the machine. */
  machine: Extract<RunEvent, { type: 'machine' }> | undefined;
  finished: Extract<RunEvent, { type: 'run-finished' }> | undefined;
}

/** The state before anything happened, with the stages in the order of the pipeline. */
export function initialState(stages: readonly string[]): RunState {
  const fresh = (id: string): StageState => ({
    id,
    status: 'waiting',
    jobs: 1,
    finishedJobs: 0,
    cachedJobs: 0,
    running: new Map(),
    bestScore: undefined,
    startedAt: undefined,
    seconds: 0,
    endedAt: undefined,
    reason: undefined,
  });
  return {
    stages: new Map(stages.map((id) => [id, fresh(id)])),
    notices: [],
    failures: [],
    setUp: undefined,
    started: undefined,
    devices: undefined,
    expected: undefined,
    machine: undefined,
    finished: undefined,
  };
}

function unreachable(value: never): never {
  throw new Error(`unknown event ${JSON.stringify(value)}`);
}

/** The best of the parts so far; the stage's own job, which comes last, has the final word (the best mean over folds). */
function takeScore(stage: StageState, job: string, score: number): void {
  stage.bestScore = job === stage.id ? score : Math.max(stage.bestScore ?? Number.NEGATIVE_INFINITY, score);
}

/** Takes one event into the state. */
export function advance(state: RunState, event: RunEvent): void {
  const stage = 'stage' in event && event.stage !== undefined ? state.stages.get(event.stage) : undefined;
  switch (event.type) {
    case 'run-started':
      state.started = event;
      return;
    case 'notice':
      state.notices.push({ level: event.level, text: event.text });
      return;
    case 'set-up':
      state.setUp = event.step === '' ? undefined : event;
      return;
    case 'stage-started':
      if (stage === undefined) return;
      stage.status = 'running';
      // A cached stage whose artifacts were evicted starts a second time, when they are needed after all.
      stage.finishedJobs = 0;
      stage.jobs = event.jobs;
      stage.cachedJobs = event.cachedJobs;
      return;
    case 'job-started':
      if (stage === undefined) return;
      // A stage's time is that since its first job ran: before, it waited for others.
      stage.startedAt ??= event.at;
      stage.running.set(event.job, undefined);
      return;
    case 'job-progress':
      stage?.running.set(event.job, event.progress);
      return;
    case 'job-retried':
      stage?.running.delete(event.job);
      state.notices.push({ level: 'warning', text: `${event.job}: ${event.failure.message}; trying again` });
      return;
    case 'job-finished':
      if (stage === undefined) return;
      stage.running.delete(event.job);
      stage.finishedJobs++;
      stage.seconds += event.seconds;
      if (event.score !== undefined) takeScore(stage, event.job, event.score);
      return;
    case 'job-failed':
      stage?.running.delete(event.job);
      state.failures.push(event);
      return;
    case 'stage-finished':
      if (stage === undefined) return;
      stage.status = event.status;
      stage.endedAt = event.at;
      stage.reason = event.reason;
      // A stage can fail before it has a job (its data is not there), or after them all: then nobody told why yet.
      if (
        event.status === 'failed' &&
        event.failure !== undefined &&
        !state.failures.some((told) => told.stage === event.stage)
      ) {
        state.failures.push({ stage: event.stage, job: event.stage, failure: event.failure });
      }
      return;
    case 'run-finished':
      state.finished = event;
      return;
    case 'devices':
      state.devices = event;
      return;
    case 'expected':
      state.expected = event;
      return;
    case 'machine':
      state.machine = event;
      return;
    case 'job-log':
    case 'job-waiting':
    case 'worker-started':
    case 'worker-ended':
      return;
    default:
      unreachable(event);
  }
}
