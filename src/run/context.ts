import type { Emit } from '../events/event.ts';
import type { CodeClosure } from '../fingerprint/closure.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { Scheduler } from '../schedule/scheduler.ts';
import type { LoadedKind } from '../stage/registry.ts';
import type { ComputeClass } from '../stage/stage-kind.ts';
import type { StoredOutput } from '../store/record.ts';
import type { Store } from '../store/store.ts';
import type { Result } from '../util/result.ts';
import type { Workers } from './workers.ts';

/** What all jobs of one run share. */
export interface RunScope {
  readonly pipeline: Pipeline;
  readonly store: Store;
  readonly scheduler: Scheduler;
  readonly workers: Workers;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  readonly force: boolean;
  /** The compute class of a job with this many threads. */
  readonly compute: (threads: number) => ComputeClass;
  /** Makes sure that TensorFlow is there before the first job that needs it. */
  readonly ensureBackend: () => Promise<Result<void>>;
  readonly closure: (loaded: LoadedKind) => Result<CodeClosure>;
  /** The file that a job's output goes to. */
  readonly logFile: (job: string) => string;
  /** Folder for what kinds may keep between runs and throw away at any time. */
  readonly cacheFolder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A finished stage instance, as those after it see it. */
export interface FinishedStage {
  readonly status: 'done' | 'cached';
  readonly fingerprint: string;
  readonly outputs: Readonly<Record<string, StoredOutput>>;
}
