import { type AskDriver, bytesOf, parseTable } from './gpus.ts';
import { type ReadText, readSystemFile } from './limits.ts';

/** How busy the machine is. */
export interface Load {
  /** Processors in use by all processes since the look before. */
  readonly cpus: number;
  /** Bytes of memory in use. */
  readonly memory: number;
  readonly gpus: readonly { readonly id: string; readonly use?: number; readonly memory?: number }[];
}

/** Looks at the machine; each look tells of the time since the one before. */
export function createLoadMeter(
  ask: AskDriver,
  gpus: readonly { readonly id: string }[],
  read: ReadText = readSystemFile,
): { look(): Promise<Load> } {
  let before = processorTimes(read);
  return {
    look: async () => {
      const now = processorTimes(read);
      const all = now.all - before.all;
      const cpus = all <= 0 ? 0 : ((now.busy - before.busy) / all) * now.processors;
      before = now;
      return { cpus, memory: memoryInUse(read), gpus: gpus.length === 0 ? [] : await gpuLoad(ask, gpus) };
    },
  };
}

/** Times of all processors together in clock ticks (proc(5), /proc/stat): user, nice, system, idle, iowait, irq, softirq, steal. */
export function processorTimes(read: ReadText): {
  readonly busy: number;
  readonly all: number;
  readonly processors: number;
} {
  const text = read('/proc/stat') ?? '';
  const fields = (/^cpu +(.*)$/m.exec(text)?.[1] ?? '').split(' ').map(Number).slice(0, 8);
  const all = fields.reduce((sum, value) => sum + value, 0);
  const [, , , idle = 0, waiting = 0] = fields;
  return { busy: all - idle - waiting, all, processors: text.match(/^cpu\d+ /gm)?.length ?? 0 };
}

function memoryInUse(read: ReadText): number {
  const text = read('/proc/meminfo') ?? '';
  const bytes = (name: string): number => Number(new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1024;
  return bytes('MemTotal') - bytes('MemAvailable');
}

async function gpuLoad(ask: AskDriver, gpus: readonly { readonly id: string }[]): Promise<Load['gpus']> {
  const rows = parseTable((await ask('--query-gpu=uuid,utilization.gpu,memory.used', '--format=csv,nounits')) ?? '');
  return gpus.map(({ id }) => {
    const row = rows.find((one) => one['uuid'] === id);
    const use = Number.parseFloat(row?.['utilization.gpu'] ?? '') / 100;
    const memory = bytesOf(row?.['memory.used']);
    return { id, ...(Number.isFinite(use) ? { use } : {}), ...(memory === undefined ? {} : { memory }) };
  });
}
