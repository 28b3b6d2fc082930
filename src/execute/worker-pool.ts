import { type Failure, failure } from '../errors/failure.ts';
import type { WorkerEnd } from '../events/event.ts';
import { wholeGpu } from '../schedule/demand.ts';
import type { Progress } from '../stage/stage-kind.ts';
import { err, ok, type Result } from '../util/result.ts';
import { createHangWatch } from './hang-watch.ts';
import type { FinishedOutput, JobMemory, JobOrder, WorkerMessage } from './messages.ts';
import { createWorker, type Worker } from './pooled-worker.ts';
import type { WorkerSetting } from './worker-process.ts';

export interface JobListener {
  /** The job has its worker now. */
  readonly onStart: (worker: { readonly number: number; readonly pid: number | undefined }) => void;
  readonly onProgress: (progress: Progress) => void;
  readonly onLog: (lines: readonly string[]) => void;
}

export interface JobResult {
  readonly outputs: Readonly<Record<string, FinishedOutput>>;
  readonly seconds: number;
  readonly memory: JobMemory;
}

/** How a job is to be run, beside what its order says. */
export interface Placement extends WorkerSetting {
  /** Thousandths of the GPU that it may take. */
  readonly share: number;
  /** Jobs of one class are best run by one worker: it has their graphs. */
  readonly likeness: string;
  /** A new process for this job. `only`: and no other job after it. */
  readonly fresh: 'no' | 'yes' | 'only';
  /** Seconds after which the job is stopped. */
  readonly timeout?: number;
  /** Aborted: nobody wants the job any more, and it is stopped. */
  readonly signal?: AbortSignal;
}

/** Warm worker processes, one job at a time each. */
export interface WorkerPool {
  run(order: JobOrder, placement: Placement, listener: JobListener): Promise<Result<JobResult>>;
  /** Ends a job that runs, as one that takes too long is ended; whether there is one of that name. */
  cancel(job: string): boolean;
  /** Starts workers before jobs come, up to this many: that takes longer than a small job. */
  warm(setting: WorkerSetting, count: number): void;
  /** Ends all workers: idle ones at once, busy ones are asked to, and killed when they take too long. */
  close(): Promise<void>;
}

export interface PoolSettings {
  /** Workers that may be kept: the machine's CPU slots. */
  readonly slots: number;
  readonly onWorker?: (
    event:
      | {
          readonly type: 'worker-started';
          readonly worker: number;
          readonly pid: number;
          readonly threads: number;
          readonly gpu?: string;
        }
      | {
          readonly type: 'worker-ended';
          readonly worker: number;
          readonly reason: WorkerEnd;
          readonly detail?: string;
        },
  ) => void;
  /** Jobs after which a worker is replaced. */
  readonly jobsOfOne?: number;
  /** Bytes that a worker may hold between jobs above what it held after its first one: more is a leak. */
  readonly growth?: number;
  /** Milliseconds without a sign of life and without computing after which a worker counts as hung. */
  readonly silence?: number;
  /** Milliseconds between the request to end and the kill. */
  readonly patience?: number;
}

/** The failures of a job whose worker died, hung or took too long. The code tells what another try may do about it. */
export const workerDied = 'worker-died';
export const jobTimeout = 'job-timeout';
/** The failure of a job that somebody did not want any more. */
export const jobCancelled = 'job-cancelled';

/** Makes an empty pool; processes are started when jobs come. */
export function createWorkerPool(settings: PoolSettings): WorkerPool {
  const {
    slots,
    jobsOfOne = 1000,
    growth = 2 ** 30,
    silence = 60_000,
    patience = 2000,
    onWorker = () => {},
  } = settings;
  const workers = new Set<Worker>();
  /** Processes that have not ended, also of workers that take no jobs any more: whoever closes the pool waits for them all. */
  const living = new Map<Worker, Promise<void>>();
  let started = 0;
  let closing = false;

  const end = (worker: Worker, reason: WorkerEnd, detail?: string): void => {
    workers.delete(worker);
    worker.end = { reason, ...(detail === undefined ? {} : { detail }) };
    worker.send({ type: 'stop' });
  };
  const watch = createHangWatch(silence, (worker) =>
    worker.kill(
      failure(workerDied, `the worker process hung: no sign of life and no computing for ${silence / 1000} s`),
    ),
  );

  const start = (key: string, setting: WorkerSetting): Worker => {
    const idle = [...workers].filter(({ busy }) => busy === undefined);
    // Idle workers of other settings hold memory that nobody may need again: the one that was used longest ago goes.
    const [oldest] = idle.sort((one, other) => one.usedAt - other.usedAt);
    if (workers.size >= slots && oldest !== undefined) end(oldest, 'finished');
    const number = ++started;
    const worker = createWorker(number, key, setting, (message) => receive(worker, message));
    workers.add(worker);
    const { pid } = worker.process;
    const { threads, gpu } = setting;
    if (pid !== undefined)
      onWorker({ type: 'worker-started', worker: number, pid, threads, ...(gpu === undefined ? {} : { gpu }) });
    const gone = worker.process.then((ended) => {
      workers.delete(worker);
      const death = worker.killed ?? deathOf(ended.signal, ended.exitCode);
      const { busy } = worker;
      worker.busy = undefined;
      watch.look(workers);
      living.delete(worker);
      try {
        onWorker({
          type: 'worker-ended',
          worker: number,
          ...(worker.end ?? { reason: 'died', detail: death.message }),
        });
      } catch (problem) {
        // A disk that is full under the journal must not keep the job waiting for a process that is gone.
        busy?.reject(problem);
      }
      busy?.finish(err(withLines(death, worker.lastLines)));
    });
    living.set(worker, gone);
    return worker;
  };

  const receive = (worker: Worker, message: WorkerMessage): void => {
    const job = worker.busy;
    worker.heard = performance.now();
    if (job === undefined || job.id !== message.id) return;
    switch (message.type) {
      case 'beat':
        break;
      case 'progress':
        worker.tell((listener) => listener.onProgress(message.progress));
        break;
      case 'log':
        worker.log(message.line.split('\n'));
        break;
      case 'done':
        settle(worker, message.memory);
        // A kind that was asked to end may have left something out: what it made is not kept.
        job.finish(
          worker.killed === undefined
            ? ok({ outputs: message.outputs, seconds: message.seconds, memory: message.memory })
            : err(worker.killed),
        );
        break;
      case 'failed':
        settle(worker, message.memory);
        job.finish(err(withLines(worker.killed ?? message.failure, worker.lastLines)));
        break;
    }
  };

  /** After a job: a worker that is used up, was for one job, or holds more and more memory is not used again. */
  const settle = (worker: Worker, { resting }: JobMemory): void => {
    const { busy } = worker;
    worker.busy = undefined;
    worker.usedAt = performance.now();
    clearTimeout(worker.limit);
    worker.jobs++;
    worker.firstResting ??= resting;
    watch.look(workers);
    const grown = resting - worker.firstResting;
    // What a job leaves behind that had to be stopped is not to be trusted with another one.
    if (worker.killed !== undefined) {
      workers.delete(worker);
      worker.send({ type: 'stop' });
    } else if (busy?.only === true) end(worker, 'isolated');
    else if (worker.jobs >= jobsOfOne) end(worker, 'recycled', `after ${worker.jobs} jobs`);
    else if (grown > growth)
      end(worker, 'recycled', `it held ${Math.round(grown / 2 ** 20)} MiB more than after its first job`);
  };

  const choose = (key: string, placement: Placement): Worker => {
    const idle = [...workers].filter((worker) => worker.busy === undefined && worker.key === key);
    const mine = idle.find((worker) => worker.likeness === placement.likeness) ?? idle[0];
    return placement.fresh === 'no' && mine !== undefined ? mine : start(key, placement);
  };

  /** An idle worker keeps the memory of the GPU that its largest job had: it ends where that is needed now. */
  const makeRoom = (worker: Worker, { gpu, share }: Placement): void => {
    if (gpu === undefined) return;
    worker.share = Math.max(worker.share, share);
    const beside = [...workers].filter((other) => other !== worker && other.gpu === gpu);
    let held = beside.reduce((sum, other) => sum + other.share, worker.share);
    for (const other of beside) {
      if (held <= wholeGpu) return;
      if (other.busy !== undefined) continue;
      held -= other.share;
      end(other, 'finished', 'its memory of the GPU was needed');
    }
  };

  return {
    run: (order, placement, listener) =>
      new Promise((finish, reject) => {
        if (closing) {
          finish(err(failure('pool-closed', 'the run is ending')));
          return;
        }
        const { timeout, likeness, signal } = placement;
        const worker = choose(keyOf(placement), placement);
        makeRoom(worker, placement);
        const onAbort = (): void => worker.stop(failure('interrupted', 'the job was stopped'), patience);
        const settled = (result: Result<JobResult>): void => {
          signal?.removeEventListener('abort', onAbort);
          finish(result);
        };
        worker.take({ id: order.id, listener, finish: settled, reject, only: placement.fresh === 'only' }, likeness);
        signal?.addEventListener('abort', onAbort, { once: true });
        listener.onStart({ number: worker.number, pid: worker.process.pid });
        worker.send({ type: 'run', order });
        watch.look(workers);
        if (timeout !== undefined)
          worker.limit = setTimeout(() => {
            const hint = 'give it more with timeout:, or more tries with retries:';
            worker.stop(failure(jobTimeout, `the job took longer than its ${timeout} s`, { hint }), patience);
          }, timeout * 1000);
      }),
    cancel: (job) => {
      const worker = [...workers].find(({ busy }) => busy?.id === job);
      worker?.stop(failure(jobCancelled, 'the job was cancelled'), patience);
      return worker !== undefined;
    },
    warm: (setting, count) => {
      while (!closing && workers.size < Math.min(slots, count)) start(keyOf(setting), setting);
    },
    close: async () => {
      closing = true;
      for (const worker of [...workers]) {
        if (worker.busy === undefined) end(worker, 'finished');
        else worker.stop(failure('interrupted', 'the run was stopped'), patience);
      }
      // One that was told to end and does not is ended.
      const killing = setTimeout(() => {
        for (const worker of living.keys()) worker.process.kill('SIGKILL');
      }, 2 * patience);
      await Promise.all(living.values());
      clearTimeout(killing);
    },
  };
}

/** Workers of one key can take each other's jobs. */
function keyOf({ gpu, threads, env }: WorkerSetting): string {
  return JSON.stringify([gpu, threads, env]);
}

function withLines(problem: Failure, lines: readonly string[]): Failure {
  return problem.detail !== undefined || lines.length === 0 ? problem : { ...problem, detail: lines.join('\n') };
}

function deathOf(signal: string | undefined, exitCode: number | undefined): Failure {
  const how = signal === undefined ? `ended with exit code ${exitCode}` : `was killed by ${signal}`;
  const hint =
    signal === 'SIGKILL'
      ? 'the system kills a process like this when memory runs out: try fewer workers with --workers'
      : undefined;
  return failure(workerDied, `the worker process ${how} in the middle of the job`, { hint });
}
