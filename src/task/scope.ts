import type { Emit } from '../events/event.ts';
import type { WorkerPool } from '../execute/worker-pool.ts';
import type { JobRecord } from '../store/record.ts';
import type { Store } from '../store/store.ts';
import type { Result } from '../util/result.ts';
import type { Task } from './task.ts';

/** What is needed to attempt a task and to publish its result: by a run itself, or on another machine by one that works for it. */
export interface TaskScope {
  readonly store: Store;
  /** The run that wants the job. */
  readonly run: string;
  readonly workers: Pick<WorkerPool, 'run'>;
  readonly emit: Emit;
  /** Where the job runs, as records say it. */
  readonly host: JobRecord['host'];
  /** The file that a job's output goes to. */
  readonly logFile: (job: string, fingerprint: string) => string;
  /** Removes a job's work folder, some time before the run ends: removing takes the disk longer than a small job. */
  readonly tidy: (folder: string) => void;
  /** Keeps the text of the code that the job was made by. */
  readonly publishCode: (task: Task) => Result<void>;
}
