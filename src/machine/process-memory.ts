import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** Memory of this process, in bytes, without pages of files that processes share. */
export interface ProcessMemory {
  /** The most since `resetPeak`. */
  readonly peak: number;
  readonly now: number;
}

/** Forgets the peak so far (proc(5): writing 5 to clear_refs resets VmHWM). Elsewhere than on Linux the peak is the process's own. */
export function resetPeak(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Not Linux, or not allowed: the peak is then that of the process's life, which is too high rather than too low.
  }
}

/** How much memory this process takes and took. */
export function processMemory(): ProcessMemory {
  try {
    const status = readFileSync('/proc/self/status', 'utf8');
    const bytes = (name: string): number =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * 1024;
    const shared = bytes('RssFile') + bytes('RssShmem');
    return { peak: Math.max(0, bytes('VmHWM') - shared), now: bytes('RssAnon') };
  } catch {
    const now = process.memoryUsage.rss();
    return { peak: process.resourceUsage().maxRSS * 1024, now };
  }
}

/** Processes that a process started, and those that they started; none where the system does not tell (proc(5), children). */
export function descendants(pid: number): number[] {
  try {
    const tasks = readdirSync(`/proc/${pid}/task`);
    const children = tasks.flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
    return children.flatMap((child) => [child, ...descendants(child)]);
  } catch {
    return [];
  }
}

/** Memory of all processes that a process started, in bytes, without pages of files. */
export function descendantMemory(pid: number): number {
  return descendants(pid).reduce((sum, child) => {
    try {
      const status = readFileSync(`/proc/${child}/status`, 'utf8');
      return sum + Number(/^RssAnon:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
    } catch {
      return sum;
    }
  }, 0);
}
