import { readFileSync } from 'node:fs';

/**
 * Time that a process spent computing, in clock ticks, all its threads together (proc(5), fields utime and stime of stat).
 * Undefined where the system does not tell, or the process is gone.
 */
export function computingTime(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets, in which anything may stand.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  } catch {
    return undefined;
  }
}
