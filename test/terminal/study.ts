import pc from 'picocolors';
import stringWidth from 'string-width';
import type { RunEvent, UntimedEvent } from '../../src/events/event.ts';
import { frameLines } from '../../src/terminal/frame.ts';
import { advance, initialState, type RunState } from '../../src/terminal/state.ts';

export const plain = pc.createColors(false);

/** A run that is told of by events at chosen seconds. */
export class Study {
  readonly state: RunState;

  constructor(stages: readonly string[]) {
    this.state = initialState(stages);
  }

  tell(second: number, ...events: readonly UntimedEvent[]): this {
    for (const event of events) advance(this.state, { at: 1000 * second, ...event } as RunEvent);
    return this;
  }

  /** The live view at a second, without colours. */
  frame(second: number, columns = 100, rows = 40): string[] {
    return frameLines(this.state, rows, { columns, widthOf: stringWidth }, 1000 * second, plain);
  }
}

export const runStarted: UntimedEvent = {
  type: 'run-started',
  run: 'R',
  pipeline: 'study',
  file: 'study.yaml',
  profile: 'default',
  params: {},
  store: 'artifacts',
  workers: 2,
  backend: 'native',
  pid: 1,
  host: 'here',
};

export const stageStarted = (stage: string, jobs = 1, cachedJobs = 0): UntimedEvent => ({
  type: 'stage-started',
  stage,
  jobs,
  cachedJobs,
});

export const stageFinished = (
  stage: string,
  status: 'done' | 'cached' | 'failed' | 'skipped',
  reason?: string,
): UntimedEvent => ({
  type: 'stage-finished',
  stage,
  status,
  outputs: {},
  ...(reason === undefined ? {} : { reason }),
});

export const jobStarted = (stage: string, job = stage, expected?: number): UntimedEvent => ({
  type: 'job-started',
  stage,
  job,
  fingerprint: 'f',
  attempt: 1,
  worker: 1,
  waited: 0,
  cpus: 1,
  exclusive: false,
  ...(expected === undefined ? {} : { expected }),
});

export const jobProgress = (stage: string, job: string, fraction: number, samplesPerSecond?: number): UntimedEvent => ({
  type: 'job-progress',
  stage,
  job,
  progress: { fraction, ...(samplesPerSecond === undefined ? {} : { samplesPerSecond }) },
});

export const jobFinished = (stage: string, job = stage, score?: number, cached = false): UntimedEvent => ({
  type: 'job-finished',
  stage,
  job,
  fingerprint: 'f',
  seconds: 4,
  cached,
  ...(score === undefined ? {} : { score }),
});

export const jobRetried = (stage: string, job: string): UntimedEvent => ({
  type: 'job-retried',
  stage,
  job,
  failure: { code: 'worker-died', message: 'the worker died' },
  reason: 'died',
  attempt: 2,
  wait: 4,
});

export const jobWaiting = (stage: string, job: string): UntimedEvent => ({
  type: 'job-waiting',
  stage,
  job,
  run: 'S',
  pid: 321,
  host: 'here',
});

/** A study in the middle: one stage cached, one search far, one that waits for another run, one that was retried. */
export function studyInTheMiddle(): Study {
  return new Study(['ingest', 'search[mlp]', 'search[cnn]', 'search[cnn-lstm]', 'fit[mlp]', 'fit[cnn]', 'report'])
    .tell(0, runStarted)
    .tell(1, { type: 'devices', cpus: 2, memory: 8e9, gpus: [] }, stageStarted('ingest'), jobFinished('ingest'))
    .tell(1, stageFinished('ingest', 'cached'))
    .tell(1, stageStarted('search[mlp]', 8, 4), stageStarted('search[cnn]', 12), stageStarted('search[cnn-lstm]', 3))
    .tell(1, ...['a', 'b', 'c', 'd'].map((job) => jobFinished('search[mlp]', job, 0.25, true)))
    .tell(2, jobStarted('search[mlp]', 'e'), jobStarted('search[cnn]', 'a'), jobStarted('search[cnn]', 'b'))
    .tell(10, jobFinished('search[mlp]', 'e', 0.7512), jobFinished('search[cnn]', 'a', 0.8125))
    .tell(11, jobRetried('search[cnn]', 'b'), jobStarted('search[cnn]', 'b'), jobStarted('search[mlp]', 'f'))
    .tell(12, jobProgress('search[cnn]', 'b', 0.5, 12_345), jobProgress('search[mlp]', 'f', 0.25, 40_000))
    .tell(12, ...['a', 'b', 'c'].map((job) => jobWaiting('search[cnn-lstm]', job)))
    .tell(12, { type: 'machine', cpus: 1.9, memory: 3.1e9, gpus: [] });
}
