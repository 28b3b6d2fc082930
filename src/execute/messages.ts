import type { WrittenArtifact } from '../artifact/writer.ts';
import type { Failure } from '../errors/failure.ts';
import type { ComputeClass, Progress } from '../stage/stage-kind.ts';
import type { JsonObject } from '../util/json.ts';
import type { OrderedCode } from './loaded-code.ts';

/** Where an input's artifact lies, and which stage instance it came from. */
export interface OrderedInput {
  readonly stage: string;
  readonly matrix: Readonly<Record<string, string>>;
  readonly path: string;
}

/** A job as it is given to a worker process: plain data. */
export interface JobOrder {
  readonly id: string;
  /** File of the stage kind's module. */
  readonly module: string;
  readonly kind: string;
  /** The user's code that the fingerprint was taken of; pipe's own does not change under a run. */
  readonly code: OrderedCode;
  /** Run the kind's fan-out part instead of the kind itself. */
  readonly part: boolean;
  readonly params: JsonObject;
  readonly inputs: Readonly<Record<string, readonly OrderedInput[]>>;
  readonly parts: readonly {
    readonly name: string;
    readonly params: JsonObject;
    readonly artifacts: Readonly<Record<string, string>>;
  }[];
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  /** Empty folder for the outputs. */
  readonly folder: string;
  /** File of the job's checkpoint, which may be there from a run that was killed. */
  readonly checkpoint: string;
  /** File of the checkpoint that it shares with jobs that only go on longer or shorter. */
  readonly sharedCheckpoint?: string;
  readonly seed: number;
  readonly compute: ComputeClass;
  readonly exclusive: boolean;
  readonly files: Readonly<Record<string, string>>;
  readonly identity: JsonObject;
}

/** One output file of a finished job, written and synced, not yet published. */
export interface FinishedOutput extends WrittenArtifact {
  readonly type: string;
  readonly file: string;
}

/** What a worker says while and after it runs a job. */
export type WorkerMessage =
  | { readonly type: 'progress'; readonly id: string; readonly progress: Progress }
  | { readonly type: 'log'; readonly id: string; readonly line: string }
  /** The worker is there, once a second while it runs a job and its event loop turns. */
  | { readonly type: 'beat'; readonly id: string }
  | {
      readonly type: 'done';
      readonly id: string;
      readonly outputs: Readonly<Record<string, FinishedOutput>>;
      readonly seconds: number;
      readonly memory: JobMemory;
    }
  | { readonly type: 'failed'; readonly id: string; readonly failure: Failure; readonly memory: JobMemory };

/** Memory in bytes, without what processes share. */
export interface JobMemory {
  /** The most that the job had, programs that it started included. */
  readonly peak: number;
  /** What the worker still has when the job is over. */
  readonly resting: number;
}

/** What the orchestrator says to a worker. `abort` asks the job that runs to end. */
export type OrchestratorMessage =
  | { readonly type: 'run'; readonly order: JobOrder }
  | { readonly type: 'abort'; readonly id: string }
  | { readonly type: 'stop' };
