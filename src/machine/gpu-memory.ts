import { type AskDriver, bytesOf, parseTable } from './gpus.ts';
import { descendants } from './process-memory.ts';

/** Milliseconds between two looks while jobs run: programs give their memory back when they end. */
const lookEvery = 1000;

/** The measurement of one job. */
export interface GpuMeasurement {
  /** Looks a last time, and says the most that was seen, in bytes; undefined where the driver does not tell. */
  stop(): Promise<number | undefined>;
}

/** Measures what jobs take of GPUs: their processes and those that these started. */
export interface GpuMemoryMeter {
  /** `alone`: the job has the GPU for itself. */
  start(gpu: string, pid: number, alone: boolean): GpuMeasurement;
}

interface Measured {
  readonly gpu: string;
  readonly pid: number;
  /** What was in use before, of a job that has the GPU for itself. */
  readonly before: Promise<number | undefined>;
  most: number;
}

/**
 * The driver tells the memory of each process, except in some containers and under WSL, where process numbers are others;
 * there, for a job that has the GPU for itself, it is what the GPU's use grew by. One look serves all jobs.
 */
export function createGpuMemoryMeter(ask: AskDriver): GpuMemoryMeter {
  const running = new Set<Measured>();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  const usedOf = async (gpu: string): Promise<number | undefined> => {
    const rows = parseTable((await ask('--query-gpu=uuid,memory.used', '--format=csv,nounits')) ?? '');
    return bytesOf(rows.find((row) => row['uuid'] === gpu)?.['memory.used']);
  };
  const growthOf = async ({ gpu, before }: Measured): Promise<number> => {
    const start = await before;
    const now = start === undefined ? undefined : await usedOf(gpu);
    return start === undefined || now === undefined ? 0 : now - start;
  };
  const lookNow = async (): Promise<void> => {
    const rows = parseTable(
      (await ask('--query-compute-apps=gpu_uuid,pid,used_gpu_memory', '--format=csv,nounits')) ?? '',
    );
    for (const job of running) {
      const pids = new Set([job.pid, ...descendants(job.pid)].map(String));
      const own = rows.filter((row) => row['gpu_uuid'] === job.gpu && pids.has(row['pid'] ?? ''));
      const bytes = own.reduce((sum, row) => sum + (bytesOf(row['used_gpu_memory']) ?? 0), 0);
      job.most = Math.max(job.most, bytes > 0 ? bytes : await growthOf(job));
    }
  };
  const look = (): Promise<void> => {
    looking ??= lookNow().finally(() => {
      looking = undefined;
    });
    return looking;
  };
  return {
    start: (gpu, pid, alone) => {
      const job: Measured = { gpu, pid, before: alone ? usedOf(gpu) : Promise.resolve(undefined), most: 0 };
      running.add(job);
      timer ??= setInterval(() => void look(), lookEvery).unref();
      return {
        stop: async () => {
          await look();
          running.delete(job);
          if (running.size === 0) {
            clearInterval(timer);
            timer = undefined;
          }
          // Nothing is no measurement: the driver does not tell, or the job ended before anybody looked.
          return job.most > 0 ? job.most : undefined;
        },
      };
    },
  };
}
