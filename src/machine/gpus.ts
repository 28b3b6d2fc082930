import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** One GPU, or one MIG instance of one, that jobs can share. */
export interface Gpu {
  /** UUID, as CUDA_VISIBLE_DEVICES takes it. */
  readonly id: string;
  readonly name: string;
  /** Bytes in all, and those that were free when it was looked at, less a reserve; undefined where the driver does not tell. */
  readonly memory?: number;
  readonly free?: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

const mebibyte = 2 ** 20;

/** What is left to the driver and to sudden needs: 5 % of the memory, at least 512 MiB. */
function reserve(memory: number): number {
  return Math.max(0.05 * memory, 512 * mebibyte);
}

/** Asks `nvidia-smi` and gives what it printed; undefined where it is not there or fails. */
export type AskDriver = (...args: readonly string[]) => Promise<string | undefined>;

/** Asks the `nvidia-smi` of the PATH. */
export function driverOf(env: Environment): AskDriver {
  return async (...args) => {
    if (!isOnPath('nvidia-smi', env)) return undefined;
    // Loaded here: a run on a machine without GPUs, or with nothing to do, never needs it.
    const { execa } = await import('execa');
    const answer = await execa('nvidia-smi', args, {
      reject: false,
      timeout: 10_000,
      env: { ...env },
      stdin: 'ignore',
    });
    return answer.failed ? undefined : answer.stdout;
  };
}

/** Whether a program can be found: starting one that is not there takes longer. */
export function isOnPath(program: string, env: Environment): boolean {
  return (env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      if (folder === '') return false;
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * Rows of `nvidia-smi --format=csv` by the names in its first line, without units: columns that a driver does not know are
 * `[N/A]` or missing, and their order is not promised.
 */
export function parseTable(text: string): Record<string, string>[] {
  const [head, ...lines] = text.split('\n').filter((line) => line.trim() !== '');
  const names = (head ?? '').split(',').map((name) => name.trim().replace(/ \[.*\]$/, ''));
  return lines.map((line) => {
    const cells = line.split(',').map((cell) => cell.trim());
    return Object.fromEntries(
      names.flatMap((name, index) => {
        const cell = cells[index];
        return cell === undefined || /^\[.*\]$|^$/.test(cell) ? [] : [[name, cell]];
      }),
    );
  });
}

/** A number of mebibytes as bytes. */
export function bytesOf(cell: string | undefined): number | undefined {
  const value = Number.parseFloat(cell ?? '');
  return Number.isFinite(value) ? value * mebibyte : undefined;
}

/**
 * The NVIDIA GPUs that this process may use: those that CUDA_VISIBLE_DEVICES names, in its order (by index, UUID or the
 * beginning of one; the first name that is none ends the list, as CUDA has it), else all. A GPU that is cut into MIG instances
 * is replaced by these. Empty where there is no driver.
 */
export async function listGpus(env: Environment, ask: AskDriver = driverOf(env)): Promise<Gpu[]> {
  const columns = 'index,uuid,name,memory.total,memory.used,mig.mode.current';
  const answer = await ask(`--query-gpu=${columns}`, '--format=csv,nounits');
  if (answer === undefined) return [];
  const rows = parseTable(answer).filter((row) => row['uuid'] !== undefined);
  const instances = rows.some((row) => row['mig.mode.current'] === 'Enabled')
    ? parseInstances((await ask('-L')) ?? '')
    : [];
  const gpus = rows.map((row) => ({
    index: row['index'],
    gpu: gpuOf(row),
    mig: row['mig.mode.current'] === 'Enabled',
  }));
  const whole = gpus.flatMap(({ gpu, mig }) => (mig ? instances.filter(({ parent }) => parent === gpu.id) : [gpu]));
  const visible = env['CUDA_VISIBLE_DEVICES'];
  if (visible === undefined) return whole.map(({ id, name, ...rest }) => ({ id, name, ...memoryOf(rest) }));
  const chosen: Gpu[] = [];
  for (const wanted of visible.split(',').map((part) => part.trim())) {
    const byIndex = gpus.find(({ index }) => index === wanted)?.gpu.id;
    const found = whole.find(
      (gpu) =>
        gpu.id === byIndex ||
        ('parent' in gpu && gpu.parent === byIndex && byIndex !== undefined) ||
        (wanted.length >= 4 && gpu.id.startsWith(wanted)),
    );
    if (found === undefined) break;
    const { id, name, ...rest } = found;
    if (!chosen.some((one) => one.id === id)) chosen.push({ id, name, ...memoryOf(rest) });
  }
  return chosen;
}

function memoryOf(gpu: Pick<Gpu, 'memory' | 'free'>): Pick<Gpu, 'memory' | 'free'> {
  return {
    ...(gpu.memory === undefined ? {} : { memory: gpu.memory }),
    ...(gpu.free === undefined ? {} : { free: gpu.free }),
  };
}

function gpuOf(row: Record<string, string>): Gpu {
  const memory = bytesOf(row['memory.total']);
  const used = bytesOf(row['memory.used']);
  return {
    id: row['uuid'] ?? '',
    name: row['name'] ?? 'GPU',
    ...(memory === undefined ? {} : { memory }),
    ...(memory === undefined || used === undefined ? {} : { free: Math.max(0, memory - used - reserve(memory)) }),
  };
}

/**
 * MIG instances of `nvidia-smi -L`. Their memory stands in their profile's name only:
 *
 *     GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-5d5ba0d6-…)
 *       MIG 3g.20gb     Device  0: (UUID: MIG-2f1bbd85-…)
 */
function parseInstances(text: string): (Gpu & { readonly parent: string })[] {
  let parent = { id: '', name: '' };
  return text.split('\n').flatMap((line) => {
    const gpu = /^GPU \d+: (.*) \(UUID: (.*)\)/.exec(line);
    if (gpu !== null) parent = { name: gpu[1] ?? '', id: gpu[2] ?? '' };
    const instance = /^\s+MIG (\S+)\s+Device\s+\d+: \(UUID: (.*)\)/.exec(line);
    if (instance === null) return [];
    const [, profile = '', id = ''] = instance;
    const memory = Number(/(\d+)gb/.exec(profile)?.[1] ?? Number.NaN) * 2 ** 30;
    const known = Number.isFinite(memory) ? { memory, free: Math.max(0, memory - reserve(memory)) } : {};
    return [{ id, name: `${parent.name} MIG ${profile}`, parent: parent.id, ...known }];
  });
}
