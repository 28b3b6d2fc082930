import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isSystemError } from '../errors/system.ts';

/** When a server was last found not to answer. */
export interface Unreachable {
  /** Day of the attempt, as 2026-11-23. */
  readonly date: string;
}

/**
 * Asks a server once whether it has a file (HEAD). Undefined when it says so within `patience` milliseconds, else a few
 * words on why not. An abort of the signal throws.
 */
export async function probe(url: string, patience: number, signal: AbortSignal): Promise<string | undefined> {
  const deadline = AbortSignal.timeout(patience);
  try {
    const response = await fetch(url, { method: 'HEAD', signal: AbortSignal.any([signal, deadline]) });
    return response.ok ? undefined : `the server answered ${response.status}`;
  } catch (problem) {
    signal.throwIfAborted();
    if (deadline.aborted) return `no answer within ${patience / 1000} s`;
    const cause: unknown = problem instanceof Error ? problem.cause : undefined;
    return isSystemError(cause) ? cause.code : 'no connection';
  }
}

const memory = (folder: string): string => join(folder, 'not-reachable.json');

/** What `rememberUnreachable` noted in a folder; undefined when there is nothing legible. */
export async function recallUnreachable(folder: string): Promise<Unreachable | undefined> {
  let note: unknown;
  try {
    note = JSON.parse(await readFile(memory(folder), 'utf8'));
  } catch {
    return undefined;
  }
  const date = (note as { date?: unknown } | null)?.date;
  return typeof date === 'string' && /^\d{4}-\d\d-\d\d$/.test(date) ? { date } : undefined;
}

/** Notes in a folder that a server did not answer today, and why. */
export async function rememberUnreachable(folder: string, reason: string): Promise<Unreachable> {
  const date = new Date().toISOString().slice(0, 10);
  const draft = `${memory(folder)}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify({ date, reason })}\n`);
  await rename(draft, memory(folder));
  return { date };
}

/** Takes the note back. */
export async function forgetUnreachable(folder: string): Promise<void> {
  await rm(memory(folder), { force: true });
}
