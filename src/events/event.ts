import type { Failure } from '../errors/failure.ts';
import type { Progress } from '../stage/stage-kind.ts';
import type { JsonObject } from '../util/json.ts';

/** Everything that happens in a run, as it stands in the journal and in `--json`. `at` is milliseconds since the epoch. */
export type RunEvent = { readonly at: number } & (
  | {
      readonly type: 'run-started';
      readonly run: string;
      readonly pipeline: string;
      readonly file: string;
      readonly profile: string;
      readonly params: JsonObject;
      readonly store: string;
      readonly workers: number;
      readonly gpus: readonly string[];
      readonly backend: string;
    }
  /** A line for people: which data source was used, what was moved to quarantine. */
  | { readonly type: 'notice'; readonly level: 'note' | 'warning'; readonly text: string; readonly stage?: string }
  /** Setting up the native backend: a named step, with bytes where they are known. */
  | { readonly type: 'set-up'; readonly step: string; readonly received?: number; readonly total?: number }
  | { readonly type: 'stage-started'; readonly stage: string; readonly jobs: number; readonly cachedJobs: number }
  | { readonly type: 'job-started'; readonly stage: string; readonly job: string }
  | { readonly type: 'job-progress'; readonly stage: string; readonly job: string; readonly progress: Progress }
  | {
      readonly type: 'job-finished';
      readonly stage: string;
      readonly job: string;
      readonly fingerprint: string;
      readonly seconds: number;
      readonly cached: boolean;
      readonly score?: number;
      readonly finding?: string;
    }
  | { readonly type: 'job-retried'; readonly stage: string; readonly job: string; readonly failure: Failure }
  | {
      readonly type: 'job-failed';
      readonly stage: string;
      readonly job: string;
      readonly failure: Failure;
      readonly log: string;
    }
  | {
      readonly type: 'stage-finished';
      readonly stage: string;
      readonly status: 'done' | 'cached' | 'failed' | 'skipped';
      readonly outputs: Readonly<Record<string, string>>;
      readonly reason?: string;
      readonly failure?: Failure;
    }
  | {
      readonly type: 'run-finished';
      readonly status: 'done' | 'failed' | 'interrupted';
      readonly seconds: number;
      readonly jobsRun: number;
      readonly jobsCached: number;
      readonly secondsSaved: number;
    }
);

type WithoutTime<Event> = Event extends unknown ? Omit<Event, 'at'> : never;

/** An event before the clock was read. */
export type UntimedEvent = WithoutTime<RunEvent>;

export type Emit = (event: UntimedEvent) => void;
