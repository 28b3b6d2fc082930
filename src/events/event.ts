import type { Failure } from '../errors/failure.ts';
import type { Progress } from '../stage/stage-kind.ts';
import type { JsonObject } from '../util/json.ts';

/** One GPU of the machine. */
export interface GpuDescription {
  /** UUID, as CUDA_VISIBLE_DEVICES takes it; of a MIG instance its own. */
  readonly id: string;
  readonly name: string;
  /** Bytes; undefined where the driver does not tell. */
  readonly memory?: number;
}

/**
 * Why a job is tried again: its worker died or hung, it took too long, memory ran out, it failed and has retries, or the
 * cluster took its node away and it goes on elsewhere.
 */
export type RetryReason = 'died' | 'timeout' | 'memory' | 'failed' | 'moved';

/** Why a worker process ended: nothing to do any more, used up, for one job only, by itself, or stopped. */
export type WorkerEnd = 'finished' | 'recycled' | 'isolated' | 'died' | 'stopped';

/** A command line as its words, without the program, and the folder that its relative paths start from. */
export interface CommandWords {
  readonly folder: string;
  readonly words: readonly string[];
}

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
      /** CPU slots: jobs of one thread side by side. */
      readonly workers: number;
      /** Who runs the jobs, where that is not this machine. */
      readonly executor?: string;
      readonly backend: string;
      readonly pid: number;
      readonly host: string;
      /** All stage instances that the run is to make, in the order of the pipeline: for those who watch it from outside. */
      readonly stages?: readonly string[];
      /** For each of them those that come before it, of the same run. */
      readonly after?: Readonly<Record<string, readonly string[]>>;
      /** How to begin such a run again: the words behind `pipe`, and the folder in which they were said. */
      readonly again?: CommandWords;
    }
  /** What jobs may take of the machine; told before the first job that runs. Memory in bytes. */
  | {
      readonly type: 'devices';
      readonly cpus: number;
      readonly memory: number;
      readonly gpus: readonly GpuDescription[];
    }
  /** How long the rest takes by past timings, in seconds, and how long it takes at least on this machine. Told before the first job that runs. */
  | {
      readonly type: 'expected';
      readonly seconds: number;
      readonly lowerBound: number;
      /** Seconds of all its jobs together. */
      readonly work: number;
      readonly jobs: number;
      /** Jobs that have no past timing and are left out of `seconds`. */
      readonly unknownJobs: number;
    }
  /** A line for people: which data source was used, what was moved to quarantine. */
  | { readonly type: 'notice'; readonly level: 'note' | 'warning'; readonly text: string; readonly stage?: string }
  /** Setting up the native backend: a named step, with bytes where they are known. */
  | { readonly type: 'set-up'; readonly step: string; readonly received?: number; readonly total?: number }
  | { readonly type: 'stage-started'; readonly stage: string; readonly jobs: number; readonly cachedJobs: number }
  /** The stage has decided by the jobs that are done which come next; both numbers count from its start. */
  | { readonly type: 'stage-grew'; readonly stage: string; readonly jobs: number; readonly cachedJobs: number }
  | {
      readonly type: 'job-started';
      readonly stage: string;
      readonly job: string;
      readonly fingerprint: string;
      /** From 1. */
      readonly attempt: number;
      /** The worker process that runs it: a number of this run. */
      readonly worker: number;
      /** Seconds that it waited for room. */
      readonly waited: number;
      readonly cpus: number;
      /** Id of the GPU that it shares. */
      readonly gpu?: string;
      /** The machine that it runs on, where that is another one than the run's. */
      readonly host?: string;
      /** Nothing else of this run computes beside it. */
      readonly exclusive: boolean;
      /** Seconds that it takes by past timings. */
      readonly expected?: number;
    }
  | { readonly type: 'job-progress'; readonly stage: string; readonly job: string; readonly progress: Progress }
  /** What a job printed or logged; kept in the job's log file, not in the journal. */
  | { readonly type: 'job-log'; readonly stage: string; readonly job: string; readonly lines: readonly string[] }
  /** Another run on the same store makes this job: its result is shared. */
  | {
      readonly type: 'job-waiting';
      readonly stage: string;
      readonly job: string;
      readonly run: string;
      readonly pid: number;
      readonly host: string;
    }
  | {
      readonly type: 'job-finished';
      readonly stage: string;
      readonly job: string;
      readonly fingerprint: string;
      readonly seconds: number;
      readonly cached: boolean;
      readonly score?: number;
      readonly finding?: string;
      /** Of a job that ran: the worker, and the most memory that it had, in bytes, without what is shared with other processes. */
      readonly worker?: number;
      readonly memory?: number;
      readonly gpuMemory?: number;
    }
  | {
      readonly type: 'job-retried';
      readonly stage: string;
      readonly job: string;
      readonly failure: Failure;
      readonly reason: RetryReason;
      /** The attempt that comes, from 2. */
      readonly attempt: number;
      /** Seconds until then. */
      readonly wait: number;
    }
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
      readonly type: 'worker-started';
      readonly worker: number;
      readonly pid: number;
      readonly threads: number;
      readonly gpu?: string;
      readonly host?: string;
    }
  | { readonly type: 'worker-ended'; readonly worker: number; readonly reason: WorkerEnd; readonly detail?: string }
  /** How busy the machine is: cores in use by all processes, bytes of memory in use, and the same of each GPU (`use` from 0 to 1). */
  | {
      readonly type: 'machine';
      readonly cpus: number;
      readonly memory: number;
      readonly gpus: readonly { readonly id: string; readonly use?: number; readonly memory?: number }[];
    }
  | {
      readonly type: 'run-finished';
      readonly status: 'done' | 'failed' | 'interrupted';
      readonly seconds: number;
      readonly jobsRun: number;
      readonly jobsCached: number;
      readonly secondsSaved: number;
      /** Seconds that were expected before the first job ran, where past timings told of every job. */
      readonly expectedSeconds?: number;
    }
);

type WithoutTime<Event> = Event extends unknown ? Omit<Event, 'at'> : never;

/** An event before the clock was read. */
export type UntimedEvent = WithoutTime<RunEvent>;

export type Emit = (event: UntimedEvent) => void;
