import type { Failure } from '../errors/failure.ts';
import type { WorkerEnd } from '../events/event.ts';
import { readLines } from '../util/read-lines.ts';
import type { Result } from '../util/result.ts';
import type { OrchestratorMessage, WorkerMessage } from './messages.ts';
import type { JobListener, JobResult } from './worker-pool.ts';
import { startWorkerProcess, type WorkerProcess, type WorkerSetting } from './worker-process.ts';

/** The job that a worker has, and whom to tell of it. */
export interface BusyWith {
  readonly id: string;
  readonly listener: JobListener;
  readonly finish: (result: Result<JobResult>) => void;
  readonly reject: (problem: unknown) => void;
  /** The worker ends after it. */
  readonly only: boolean;
}

/** A worker process as the pool knows it. */
export interface Worker {
  readonly number: number;
  /** Workers of one key can take each other's jobs. */
  readonly key: string;
  readonly gpu: string | undefined;
  readonly process: WorkerProcess;
  busy: BusyWith | undefined;
  /** The class of its last job. */
  likeness: string;
  jobs: number;
  /** Thousandths of its GPU that its largest job took: TensorFlow gives none of it back. */
  share: number;
  /** Bytes that it held after its first job. */
  firstResting: number | undefined;
  /** When it was heard of last, and when it had its last job. */
  heard: number;
  usedAt: number;
  limit: NodeJS.Timeout | undefined;
  /** Why it was killed by us. */
  killed: Failure | undefined;
  /** Why it ended, where that was meant. */
  end: { readonly reason: WorkerEnd; readonly detail?: string } | undefined;
  /** The last lines that its job printed. */
  readonly lastLines: string[];
  take(job: BusyWith, likeness: string): void;
  send(message: OrchestratorMessage): void;
  log(lines: readonly string[]): void;
  /** What a listener throws (a full disk under the log) belongs to whoever waits for the job, not to the event loop. */
  tell(action: (listener: JobListener) => void): void;
  /** Asks the job to end, and kills the process when that takes too long. */
  stop(why: Failure, patience: number): void;
  kill(why: Failure): void;
}

/** Lines that a failure shows. */
const tail = 20;
/** Characters of each. */
const width = 500;

/** Starts a worker process; `receive` takes what it says. */
export function createWorker(
  number: number,
  key: string,
  setting: WorkerSetting,
  receive: (message: WorkerMessage) => void,
): Worker {
  const subprocess = startWorkerProcess(setting);
  const worker: Worker = {
    number,
    key,
    gpu: setting.gpu,
    process: subprocess,
    busy: undefined,
    likeness: '',
    jobs: 0,
    share: 0,
    firstResting: undefined,
    heard: performance.now(),
    usedAt: performance.now(),
    limit: undefined,
    killed: undefined,
    end: undefined,
    lastLines: [],
    take: (job, likeness) => {
      worker.busy = job;
      worker.likeness = likeness;
      worker.heard = performance.now();
      worker.lastLines.length = 0;
    },
    send: (message) => {
      // A channel that is closed means that the process ends: its end is told where it is waited for.
      if (subprocess.connected) subprocess.send(message as never, () => {});
    },
    log: (lines) => {
      worker.lastLines.push(...lines.slice(-tail).map((line) => line.slice(0, width)));
      worker.lastLines.splice(0, worker.lastLines.length - tail);
      worker.tell((listener) => listener.onLog(lines));
    },
    tell: (action) => {
      try {
        if (worker.busy !== undefined) action(worker.busy.listener);
      } catch (problem) {
        worker.busy?.reject(problem);
      }
    },
    stop: (why, patience) => {
      const { busy } = worker;
      if (busy === undefined || worker.killed !== undefined) return;
      worker.killed = why;
      worker.end = { reason: 'stopped', detail: why.message };
      worker.send({ type: 'abort', id: busy.id });
      const killing = setTimeout(() => subprocess.kill('SIGKILL'), patience);
      void subprocess.then(() => clearTimeout(killing));
    },
    kill: (why) => {
      worker.killed ??= why;
      worker.end ??= { reason: 'died', detail: why.message };
      subprocess.kill('SIGKILL');
    },
  };
  subprocess.on('message', (message) => receive(message as WorkerMessage));
  subprocess.on('error', () => {
    // A message that could not be sent: the process ends, and its end is told where it is waited for.
  });
  for (const stream of [subprocess.stdout, subprocess.stderr]) {
    if (stream !== null) readLines(stream, (lines) => worker.log(lines));
  }
  return worker;
}
