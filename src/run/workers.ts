import type { JobOrder } from '../execute/messages.ts';
import type { JobListener, JobResult, Placement, PoolSettings, WorkerPool } from '../execute/worker-pool.ts';
import type { Result } from '../util/result.ts';

/** A worker pool that is loaded when the first job needs it: a run whose jobs are all cached starts no process. */
export interface Workers {
  run(order: JobOrder, placement: Placement, listener: JobListener): Promise<Result<JobResult>>;
  /** Ends a job that runs. */
  cancel(job: string): void;
  /** Starts up to this many worker processes that compute on the CPU with one thread, as most do. */
  warm(count: number): void;
  close(): Promise<void>;
}

/** Makes the pool on first use. */
export function lazyWorkers(settings: () => PoolSettings): Workers {
  let pool: Promise<WorkerPool> | undefined;
  const get = (): Promise<WorkerPool> => {
    pool ??= import('../execute/worker-pool.ts').then(({ createWorkerPool }) => createWorkerPool(settings()));
    return pool;
  };
  return {
    run: async (order, placement, listener) => (await get()).run(order, placement, listener),
    cancel: (job) => void pool?.then((made) => made.cancel(job)),
    warm: (count) => void get().then((made) => made.warm({ threads: 1 }, count)),
    close: async () => (await pool)?.close(),
  };
}
