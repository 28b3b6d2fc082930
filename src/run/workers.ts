import type { JobOrder } from '../execute/messages.ts';
import type { JobListener, JobResult, WorkerPool, WorkerSetting } from '../execute/worker-pool.ts';
import type { Result } from '../util/result.ts';

/** A worker pool that is loaded when the first job needs it: a run whose jobs are all cached starts no process. */
export interface Workers {
  run(order: JobOrder, setting: WorkerSetting, listener: JobListener): Promise<Result<JobResult>>;
  close(): Promise<void>;
}

/** Makes the pool on first use. */
export function lazyWorkers(): Workers {
  let pool: Promise<WorkerPool> | undefined;
  const get = (): Promise<WorkerPool> => {
    pool ??= import('../execute/worker-pool.ts').then(({ createWorkerPool }) => createWorkerPool());
    return pool;
  };
  return {
    run: async (order, setting, listener) => (await get()).run(order, setting, listener),
    close: async () => (await pool)?.close(),
  };
}
