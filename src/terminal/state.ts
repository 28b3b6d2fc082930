import type { Failure } from '../errors/failure.ts';
import type { RunEvent } from '../events/event.ts';
import type { Progress } from '../stage/stage-kind.ts';

export type StageStatus = 'waiting' | 'running' | 'done' | 'cached' | 'failed' | 'skipped';

type EventOf<Type extends RunEvent['type']> = Extract<RunEvent, { type: Type }>;

/** A job that runs. */
export interface RunningJob {
  readonly startedAt: number;
  /** Seconds that it takes by past timings. */
  readonly expected: number | undefined;
  progress: Progress | undefined;
}

/** A stage instance as a watcher sees it. */
export interface StageState {
  readonly id: string;
  status: StageStatus;
  /** Jobs that it fans out into (1 where it does not), and how many are done. */
  jobs: number;
  finishedJobs: number;
  cachedJobs: number;
  readonly running: Map<string, RunningJob>;
  /** Jobs that another run makes. */
  readonly elsewhere: Map<string, EventOf<'job-waiting'>>;
  /** Jobs that another run made while this one waited for them. */
  sharedJobs: number;
  /** Tries that were in vain. */
  retries: number;
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
  started: EventOf<'run-started'> | undefined;
  /** Milliseconds since the epoch. */
  startedAt: number | undefined;
  devices: EventOf<'devices'> | undefined;
  expected: EventOf<'expected'> | undefined;
  /** When the expectation was told. */
  expectedAt: number;
  /** Seconds of past timings that the jobs which ran since were expected to take. */
  expectedDone: number;
  /** The newest look at the machine. */
  machine: EventOf<'machine'> | undefined;
  finished: EventOf<'run-finished'> | undefined;
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
    elsewhere: new Map(),
    sharedJobs: 0,
    retries: 0,
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
    startedAt: undefined,
    devices: undefined,
    expected: undefined,
    expectedAt: 0,
    expectedDone: 0,
    machine: undefined,
    finished: undefined,
  };
}

function unreachable(value: never): never {
  throw new Error(`unknown event ${JSON.stringify(value)}`);
}

/** Takes one event into the state. */
export function advance(state: RunState, event: RunEvent): void {
  const stage = 'stage' in event && event.stage !== undefined ? state.stages.get(event.stage) : undefined;
  if (stage !== undefined) advanceStage(state, stage, event);
  switch (event.type) {
    case 'run-started':
      state.started = event;
      state.startedAt = event.at;
      return;
    case 'devices':
      state.devices = event;
      return;
    case 'expected':
      state.expected = event;
      state.expectedAt = event.at;
      return;
    case 'machine':
      state.machine = event;
      return;
    case 'notice':
      state.notices.push({ level: event.level, text: event.text });
      return;
    case 'set-up':
      state.setUp = event.step === '' ? undefined : event;
      return;
    case 'job-retried': {
      const pause = event.wait === 0 ? '' : ` in ${event.wait} s`;
      state.notices.push({ level: 'warning', text: `${event.job}: ${event.failure.message}; trying again${pause}` });
      return;
    }
    case 'job-failed':
      state.failures.push(event);
      return;
    case 'run-finished':
      state.finished = event;
      return;
    case 'stage-started':
    case 'stage-grew':
    case 'job-started':
    case 'job-progress':
    case 'job-log':
    case 'job-waiting':
    case 'job-finished':
    case 'stage-finished':
    case 'worker-started':
    case 'worker-ended':
      return;
    default:
      unreachable(event);
  }
}

/** Takes an event of a stage into the stage's state. */
function advanceStage(state: RunState, stage: StageState, event: RunEvent): void {
  switch (event.type) {
    case 'stage-started':
      stage.status = 'running';
      // A cached stage whose artifacts were evicted starts a second time, when they are needed after all.
      stage.finishedJobs = 0;
      stage.jobs = event.jobs;
      stage.cachedJobs = event.cachedJobs;
      return;
    case 'stage-grew':
      stage.jobs = event.jobs;
      stage.cachedJobs = event.cachedJobs;
      return;
    case 'job-started':
      // A stage's time is that since its first job ran: before, it waited for others.
      stage.startedAt ??= event.at;
      stage.elsewhere.delete(event.job);
      stage.running.set(event.job, { startedAt: event.at, expected: event.expected, progress: undefined });
      return;
    case 'job-progress': {
      const job = stage.running.get(event.job);
      if (job !== undefined) job.progress = event.progress;
      return;
    }
    case 'job-waiting':
      stage.elsewhere.set(event.job, event);
      return;
    case 'job-retried':
      stage.running.delete(event.job);
      stage.retries++;
      return;
    case 'job-finished':
      finishJob(state, stage, event);
      return;
    case 'job-failed':
      stage.running.delete(event.job);
      return;
    case 'stage-finished':
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
    default:
      return;
  }
}

function finishJob(state: RunState, stage: StageState, event: EventOf<'job-finished'>): void {
  state.expectedDone += stage.running.get(event.job)?.expected ?? 0;
  stage.running.delete(event.job);
  if (stage.elsewhere.delete(event.job)) stage.sharedJobs++;
  stage.finishedJobs++;
  stage.seconds += event.seconds;
  if (event.score === undefined) return;
  // The best of the parts so far; the stage's own job, which comes last, has the final word (the best mean over folds).
  stage.bestScore =
    event.job === stage.id ? event.score : Math.max(stage.bestScore ?? Number.NEGATIVE_INFINITY, event.score);
}
