import { fileURLToPath } from 'node:url';
import { execaNode } from 'execa';
import { type Failure, failure } from '../errors/failure.ts';
import type { Progress } from '../stage/stage-kind.ts';
import { err, ok, type Result } from '../util/result.ts';
import type { FinishedOutput, JobOrder, OrchestratorMessage, WorkerMessage } from './messages.ts';

/** What a worker process is started with; jobs that need another setting get another process. */
export interface WorkerSetting {
  /** UUID or index of the GPU that it may see; undefined for none. */
  readonly gpu?: string;
  /** Threads inside one TensorFlow operation. */
  readonly threads: number;
}

export interface JobListener {
  readonly onProgress: (progress: Progress) => void;
  readonly onLog: (line: string) => void;
}

export interface JobResult {
  readonly outputs: Readonly<Record<string, FinishedOutput>>;
  readonly seconds: number;
}

/** Warm worker processes, one job at a time each. */
export interface WorkerPool {
  run(order: JobOrder, setting: WorkerSetting, listener: JobListener): Promise<Result<JobResult>>;
  /** Ends all workers: idle ones at once, busy ones by SIGKILL. */
  close(): Promise<void>;
}

interface Worker {
  readonly key: string;
  readonly process: ReturnType<typeof startProcess>;
  busy:
    | {
        readonly id: string;
        readonly listener: JobListener;
        readonly finish: (result: Result<JobResult>) => void;
        readonly reject: (problem: unknown) => void;
      }
    | undefined;
}

const workerFile = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url),
);

function workerEnvironment(setting: WorkerSetting): Record<string, string> {
  const threads = String(setting.threads);
  return {
    // TensorFlow reads these once, when its library is loaded.
    TF_CPP_MIN_LOG_LEVEL: '2',
    TF_NUM_INTRAOP_THREADS: threads,
    TF_NUM_INTEROP_THREADS: '1',
    OMP_NUM_THREADS: threads,
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
    CUDA_VISIBLE_DEVICES: setting.gpu ?? '-1',
  };
}

function startProcess(setting: WorkerSetting) {
  return execaNode(workerFile, {
    ipc: true,
    // The orchestrator decides what a signal means; a worker ends by itself when its parent is gone.
    cleanup: false,
    serialization: 'advanced',
    buffer: false,
    reject: false,
    stdin: 'ignore',
    nodeOptions: [],
    env: workerEnvironment(setting),
  });
}

/** Makes an empty pool; processes are started when jobs come. */
export function createWorkerPool(): WorkerPool {
  const workers = new Set<Worker>();
  let closing = false;

  /** What a listener throws (a full disk under the log) belongs to whoever waits for the job, not to the event loop. */
  const tell = (worker: Worker, action: (listener: JobListener) => void): void => {
    try {
      if (worker.busy !== undefined) action(worker.busy.listener);
    } catch (problem) {
      worker.busy?.reject(problem);
    }
  };

  const start = (key: string, setting: WorkerSetting): Worker => {
    const subprocess = startProcess(setting);
    const worker: Worker = { key, process: subprocess, busy: undefined };
    workers.add(worker);
    subprocess.on('message', (message) => receive(worker, message as WorkerMessage));
    for (const stream of [subprocess.stdout, subprocess.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        tell(worker, (listener) => {
          for (const line of text.split('\n')) if (line !== '') listener.onLog(line);
        });
      });
    }
    void subprocess.then((ended) => {
      workers.delete(worker);
      worker.busy?.finish(err(deathOf(ended.signal, ended.exitCode)));
      worker.busy = undefined;
    });
    return worker;
  };

  const receive = (worker: Worker, message: WorkerMessage): void => {
    const job = worker.busy;
    if (job === undefined || job.id !== message.id) return;
    switch (message.type) {
      case 'progress':
        tell(worker, (listener) => listener.onProgress(message.progress));
        break;
      case 'log':
        tell(worker, (listener) => listener.onLog(message.line));
        break;
      case 'done':
        worker.busy = undefined;
        job.finish(ok({ outputs: message.outputs, seconds: message.seconds }));
        break;
      case 'failed':
        worker.busy = undefined;
        job.finish(err(message.failure));
        break;
    }
  };

  return {
    run: (order, setting, listener) =>
      new Promise((finish, reject) => {
        if (closing) {
          finish(err(failure('pool-closed', 'the run is ending')));
          return;
        }
        const key = JSON.stringify([setting.gpu, setting.threads]);
        const idle = [...workers].find((worker) => worker.busy === undefined && worker.key === key);
        const worker = idle ?? start(key, setting);
        worker.busy = { id: order.id, listener, finish, reject };
        const message: OrchestratorMessage = { type: 'run', order };
        worker.process.send(message as never);
      }),
    close: async () => {
      if (closing) return;
      closing = true;
      const ends = [...workers].map((worker) => {
        if (worker.busy === undefined) worker.process.send({ type: 'stop' } as never);
        else worker.process.kill('SIGKILL');
        return worker.process;
      });
      await Promise.all(ends);
    },
  };
}

/** The failure of a job whose worker died under it. The code tells that another try may help. */
export const workerDied = 'worker-died';

function deathOf(signal: string | undefined, exitCode: number | undefined): Failure {
  const how = signal === undefined ? `ended with exit code ${exitCode}` : `was killed by ${signal}`;
  const hint =
    signal === 'SIGKILL'
      ? 'the system kills a process like this when memory runs out: try fewer workers with --workers'
      : undefined;
  return failure(workerDied, `the worker process ${how} in the middle of the job`, { hint });
}
