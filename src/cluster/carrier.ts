import type { Failure } from '../errors/failure.ts';
import type { JobRecord } from '../store/record.ts';
import type { Result } from '../util/result.ts';
import type { Outcome } from './outcome.ts';
import type { UntimedPilotLine } from './pilot-line.ts';
import type { PilotQueue } from './pilot-queue.ts';
import type { QueuedTask } from './queued-task.ts';

/** How tasks get to a pilot, and what comes of them away from it. */
export interface Carrier {
  readonly queue: PilotQueue;
  /** Sees to it that the artifacts are there that a task reads; what is wrong where they cannot be had. */
  bring(queued: QueuedTask, signal: AbortSignal): Promise<Failure | undefined>;
  /** Takes a result that was published in the pilot's store to where the run sees it. */
  deliver(queued: QueuedTask, record: JobRecord): Promise<Result<JobRecord>>;
  /** Whether a task's name was closed: an attempt under it made no result. */
  isClosed(name: string): boolean;
  closeTask(outcome: Outcome): void;
  tell(line: UntimedPilotLine): void;
  /** Where a task's output goes, where that is not the run's own file. */
  readonly logFile?: (name: string) => string;
  /** Everything that was told has reached the run when this comes back. */
  close(): Promise<void>;
}
