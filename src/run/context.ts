import type { Emit } from '../events/event.ts';
import type { PlanScope } from '../plan/job.ts';
import type { KnownStage } from '../plan/stage-jobs.ts';
import type { Scheduler } from '../schedule/scheduler.ts';
import type { Result } from '../util/result.ts';
import type { Workers } from './workers.ts';

/** What all jobs of one run share. */
export interface RunScope extends PlanScope {
  readonly run: string;
  readonly scheduler: Scheduler;
  readonly workers: Workers;
  readonly emit: Emit;
  /** Whether the jobs of a stage instance run whatever is cached. */
  readonly isForced: (instance: string) => boolean;
  /** Whether the artifacts of a stage instance must be there at the end, and not only be known. */
  readonly isWanted: (instance: string) => boolean;
  /** Makes sure that TensorFlow is there before the first job that needs it. */
  readonly ensureBackend: () => Promise<Result<void>>;
  /** The file that a job's output goes to. */
  readonly logFile: (job: string) => string;
  /** Other runs on the store that people were told of: each once. */
  readonly toldOfRuns: Set<string>;
  /** Removes a job's work folder, some time before the run ends: removing takes the disk longer than a small job. */
  readonly tidy: (folder: string) => void;
  /** Has the artifacts of a finished stage made again that were removed to save space. */
  readonly restore: (instance: string) => Promise<Result<void>>;
}

/** A finished stage instance, as those after it see it. */
export interface FinishedStage extends KnownStage {
  readonly status: 'done' | 'cached';
  readonly fingerprint: string;
  /** Its artifacts were removed to save space: only what they were is known. */
  readonly evicted: boolean;
}
