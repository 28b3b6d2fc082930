import { type AskDriver, bytesOf, parseTable } from './gpus.ts';
import { descendants } from './process-memory.ts';

/** Milliseconds between two looks at a job that runs: programs give their memory back when they end. */
const lookEvery = 2000;

/** Measures what a process and those that it started take of a GPU. */
export interface GpuMemoryMeter {
  /** Looks a last time, and says the most that was seen, in bytes; undefined where the driver does not tell. */
  stop(): Promise<number | undefined>;
}

/**
 * Starts to measure. The driver tells the memory of each process, except in some containers and under WSL, where process
 * numbers are others; there, for a job that has the GPU for itself (`alone`), it is what the GPU's use grew by.
 */
export function measureGpuMemory(ask: AskDriver, gpu: string, pid: number, alone: boolean): GpuMemoryMeter {
  let most: number | undefined;
  const start = alone ? usedOf(ask, gpu) : Promise.resolve(undefined);
  const look = async (): Promise<void> => {
    const table = await ask('--query-compute-apps=gpu_uuid,pid,used_gpu_memory', '--format=csv,nounits');
    const pids = new Set([pid, ...descendants(pid)].map(String));
    const mine = parseTable(table ?? '').flatMap((row) => {
      const bytes = bytesOf(row['used_gpu_memory']);
      return row['gpu_uuid'] === gpu && pids.has(row['pid'] ?? '') && bytes !== undefined ? [bytes] : [];
    });
    const own = mine.length > 0 ? mine.reduce((sum, bytes) => sum + bytes, 0) : await growth();
    if (own !== undefined) most = Math.max(most ?? 0, own);
  };
  const growth = async (): Promise<number | undefined> => {
    const before = await start;
    const now = before === undefined ? undefined : await usedOf(ask, gpu);
    return before === undefined || now === undefined ? undefined : Math.max(0, now - before);
  };
  const timer = setInterval(() => void look(), lookEvery);
  timer.unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await look();
      // Nothing is not a measurement: the job ended before anybody looked.
      return most === 0 ? undefined : most;
    },
  };
}

async function usedOf(ask: AskDriver, gpu: string): Promise<number | undefined> {
  const rows = parseTable((await ask('--query-gpu=uuid,memory.used', '--format=csv,nounits')) ?? '');
  return bytesOf(rows.find((row) => row['uuid'] === gpu)?.['memory.used']);
}
