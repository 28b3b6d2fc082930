import { readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { dirname, join } from 'node:path';

/** Reads a small file of the system; undefined where it is not there. */
export type ReadText = (path: string) => string | undefined;

/** Reads the files of this machine. */
export function readSystemFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** How much of the machine this process may use. */
export interface MachineLimits {
  /** Processors, whole ones: those that it may run on, and no more than its control group's time. At least 1. */
  readonly cpus: number;
  /** Bytes of memory that can be had now, without swapping or being killed. */
  readonly memory: number;
}

/** No system has as much memory: version 1 of control groups says "no limit" by such a number. */
const noLimit = 2 ** 60;

/**
 * Processors and memory, by the system and by control groups of both versions (a container's, a batch system's, a
 * user's slice), of which the tightest on the way up to the root holds.
 */
export function machineLimits(
  read: ReadText = readSystemFile,
  system: { readonly cpus: number; readonly memory: number } = { cpus: availableParallelism(), memory: totalmem() },
): MachineLimits {
  const groups = controlGroups(read);
  const quotas = groups.map((folder) => cpuQuota(folder, read));
  const cpus = Math.max(1, Math.floor(Math.min(system.cpus, ...quotas)));
  const available = Number(/^MemAvailable:\s+(\d+) kB/m.exec(read('/proc/meminfo') ?? '')?.[1] ?? Number.NaN) * 1024;
  const left = groups.map((folder) => memoryLeft(folder, read));
  return { cpus, memory: Math.min(Number.isFinite(available) ? available : system.memory, ...left) };
}

/** Folders of the control groups that this process is in, from its own up to the root. */
function controlGroups(read: ReadText): string[] {
  const folders: string[] = [];
  for (const line of (read('/proc/self/cgroup') ?? '').split('\n')) {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (path === undefined || controllers === undefined) continue;
    const wanted = controllers === '' || controllers.split(',').some((name) => name === 'memory' || name === 'cpu');
    if (!wanted) continue;
    const base = join('/sys/fs/cgroup', controllers);
    // Inside a container the path may be that on the host, of which only the root is to be seen.
    for (let inside = path; ; inside = dirname(inside)) {
      folders.push(join(base, inside));
      if (inside === '/' || inside === '.') break;
    }
  }
  return [...new Set(folders)];
}

function numberIn(text: string | undefined): number {
  const value = Number.parseInt(text ?? '', 10);
  return Number.isFinite(value) && value < noLimit ? value : Number.POSITIVE_INFINITY;
}

function cpuQuota(folder: string, read: ReadText): number {
  const [quota, period] = (read(join(folder, 'cpu.max')) ?? '').trim().split(' ').map(Number);
  if (quota !== undefined && period !== undefined && quota > 0 && period > 0) return quota / period;
  const micros = Number.parseInt(read(join(folder, 'cpu.cfs_quota_us')) ?? '', 10);
  const every = Number.parseInt(read(join(folder, 'cpu.cfs_period_us')) ?? '', 10);
  return micros > 0 && every > 0 ? micros / every : Number.POSITIVE_INFINITY;
}

/** What a group may still take: its limit less what it uses, where files that can be dropped do not count. */
function memoryLeft(folder: string, read: ReadText): number {
  const limit = Math.min(
    numberIn(read(join(folder, 'memory.max'))),
    numberIn(read(join(folder, 'memory.high'))),
    numberIn(read(join(folder, 'memory.limit_in_bytes'))),
  );
  if (limit === Number.POSITIVE_INFINITY) return limit;
  const used = Number.parseInt(
    read(join(folder, 'memory.current')) ?? read(join(folder, 'memory.usage_in_bytes')) ?? '0',
    10,
  );
  const inactive = /^(?:total_)?inactive_file (\d+)/m.exec(read(join(folder, 'memory.stat')) ?? '')?.[1] ?? '0';
  return Math.max(0, limit - Math.max(0, used - Number(inactive)));
}
