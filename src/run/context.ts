import type { GpuMemoryMeter } from '../machine/gpu-memory.ts';
import type { LookedUpJob, PlanScope } from '../plan/job.ts';
import type { Measurements } from '../plan/measured.ts';
import type { KnownStage } from '../plan/stage-jobs.ts';
import type { Capacity } from '../schedule/demand.ts';
import type { Scheduler } from '../schedule/scheduler.ts';
import type { JobRecord } from '../store/record.ts';
import type { Needs } from '../task/needs.ts';
import type { JobPart } from '../task/part.ts';
import type { TaskScope } from '../task/scope.ts';
import type { Result } from '../util/result.ts';
import type { Workers } from './workers.ts';

/** What is known of the machine and of the time that the run takes, before its first job runs. */
export interface Prepared {
  readonly capacity: Capacity;
  readonly scheduler: Scheduler;
  readonly needs: Needs;
  /** Whether the system has killed processes for want of memory since it was asked last. */
  readonly wasKilled: () => boolean;
  /** Seconds of the longest path from the start of each stage to the end. */
  readonly paths: ReadonlyMap<string, number>;
  readonly gpuMeter: GpuMemoryMeter;
  /** What workers on a GPU need in their environment. */
  readonly gpuEnvironment: Readonly<Record<string, string>>;
}

/** What all jobs of one run share. */
export interface RunScope extends PlanScope, Omit<TaskScope, 'publishCode'> {
  readonly workers: Workers;
  /** Runs a job that is not done, wherever jobs run. */
  readonly runJob: (looked: LookedUpJob, parts: readonly JobPart[]) => Promise<Result<JobRecord>>;
  /** Whether the jobs of a stage instance run whatever is cached. */
  readonly isForced: (instance: string) => boolean;
  /** Whether the artifacts of a stage instance must be there at the end, and not only be known. */
  readonly isWanted: (instance: string) => boolean;
  /** What earlier jobs took. */
  readonly measurements: Measurements;
  /** Looks at the machine and at what is to be expected: before the first job that runs, once. */
  readonly prepare: () => Promise<Prepared>;
  /** Makes sure that TensorFlow is there before the first job that needs it. */
  readonly ensureBackend: () => Promise<Result<void>>;
  /** Other runs on the store that people were told of: each once. */
  readonly toldOfRuns: Set<string>;
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
