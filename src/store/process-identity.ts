import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Which process on which machine; enough to tell a process from another one that got its number later. */
export interface ProcessIdentity {
  readonly host: string;
  /** Changes with each start of the machine. Empty where the system does not tell. */
  readonly boot: string;
  /** Process numbers mean something only within their namespace (a container has its own). */
  readonly namespace: string;
  readonly pid: number;
  /** When the process started, in the kernel's ticks since boot. Empty where the system does not tell. */
  readonly started: string;
}

function readOr(read: () => string): string {
  try {
    return read().trim();
  } catch {
    return '';
  }
}

/** Field 22 of /proc/PID/stat; the fields before it include a name that may have spaces and brackets. */
function startTicks(pid: number | 'self'): string {
  const text = readOr(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

/** This process. */
export function ownIdentity(): ProcessIdentity {
  return {
    host: hostname(),
    boot: readOr(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
    namespace: readOr(() => readlinkSync('/proc/self/ns/pid')),
    pid: process.pid,
    started: startTicks('self'),
  };
}

/** Whether a process of this machine lives; undefined for one of another machine or namespace, which nobody here can ask. */
export function isAlive(other: ProcessIdentity, own: ProcessIdentity): boolean | undefined {
  if (other.host !== own.host) return undefined;
  if (other.boot !== own.boot) return false;
  if (other.namespace !== own.namespace) return undefined;
  try {
    process.kill(other.pid, 0);
  } catch (problem) {
    if ((problem as { code?: string }).code !== 'EPERM') return false;
  }
  return other.started === '' || startTicks(other.pid) === other.started;
}
