import { fileURLToPath } from 'node:url';
import { execaNode } from 'execa';

/** What a worker process is started with; jobs that need another setting get another process. */
export interface WorkerSetting {
  /** UUID of the GPU that it may see; undefined for none. */
  readonly gpu?: string;
  /** Threads inside one TensorFlow operation. */
  readonly threads: number;
  /** Further variables of its environment: those of NVIDIA's multi-process service. */
  readonly env?: Readonly<Record<string, string>>;
}

const workerFile = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url),
);

function workerEnvironment({ threads, gpu, env }: WorkerSetting): Record<string, string> {
  return {
    // TensorFlow reads these once, when its library is loaded.
    TF_CPP_MIN_LOG_LEVEL: '2',
    TF_NUM_INTRAOP_THREADS: String(threads),
    TF_NUM_INTEROP_THREADS: '1',
    OMP_NUM_THREADS: String(threads),
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
    CUDA_VISIBLE_DEVICES: gpu ?? '-1',
    ...env,
  };
}

/** Starts a worker process. Its memory for what JavaScript holds is V8's own default; tensors and artifacts lie outside of it. */
export function startWorkerProcess(setting: WorkerSetting) {
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

export type WorkerProcess = ReturnType<typeof startWorkerProcess>;
