import { join } from 'node:path';
import { setInterval } from 'node:timers';
import { journalFile } from '../events/journal.ts';
import { logName } from '../events/log-name.ts';
import { followEvents } from '../events/read-journal.ts';
import { type LogTail, openLogTail } from '../history/log-tail.ts';
import type { RunJob } from '../history/run-jobs.ts';
import type { Store } from '../store/store.ts';
import { harmless } from '../terminal/format.ts';

export interface PrintOptions {
  /** The last lines only. */
  readonly tail?: number;
  /** Escape sequences as they are. */
  readonly raw: boolean;
  readonly write: (text: string) => void;
}

/** A job by its names. */
export interface NamedJob {
  readonly stage: string;
  readonly job: string;
}

/** Prints logs; where there are several, each below the name of its job. */
export function printLogs(jobs: readonly RunJob[], { tail, raw, write }: PrintOptions): void {
  for (const { job, log } of jobs) {
    if (jobs.length > 1) write(`== ${harmless(job)}\n`);
    if (log === undefined) {
      write(`${harmless(job)} printed nothing.\n`);
      continue;
    }
    for (const line of openLogTail(log, tail).read(true)) write(`${raw ? line : harmless(line)}\n`);
  }
}

/** Milliseconds between two looks at the logs that are followed. */
const lookEvery = 200;

/**
 * Prints what the logs of jobs that are not over have and get, those that start later too, until all that are meant are over or the
 * run is. Lines of several jobs stand below the name of their job.
 */
export async function followLogs(
  store: Store,
  run: string,
  { isMeant, only }: { readonly isMeant: (job: NamedJob) => boolean; readonly only: boolean },
  options: PrintOptions,
  signal: AbortSignal,
): Promise<void> {
  const folder = store.layout.run(run);
  const tails = new Map<string, LogTail>();
  const done = new AbortController();
  const print = printer(only, options);
  const drain = (job: string, atEnd: boolean): void => print(job, tails.get(job)?.read(atEnd) ?? []);
  const drainAll = (): void => {
    for (const job of tails.keys()) drain(job, false);
  };
  const timer = setInterval(drainAll, lookEvery);
  const ended = AbortSignal.any([signal, done.signal]);
  try {
    for await (const event of followEvents([join(folder, journalFile)], () => !store.leases.isLiving(run), ended)) {
      if (!('job' in event) || !isMeant(event)) continue;
      const { job } = event;
      if (event.type === 'job-started' && !tails.has(job))
        tails.set(job, openLogTail(join(folder, 'logs', logName(job, event.fingerprint)), options.tail));
      if (event.type !== 'job-finished' && event.type !== 'job-failed') continue;
      drain(job, true);
      tails.delete(job);
      if (only) done.abort();
    }
    for (const job of tails.keys()) drain(job, true);
  } finally {
    clearInterval(timer);
  }
}

/** Prints lines of jobs; a job's name stands above them where the line before was another one's. */
function printer(only: boolean, { raw, write }: PrintOptions): (job: string, lines: Iterable<string>) => void {
  let last: string | undefined;
  return (job, lines) => {
    for (const line of lines) {
      if (!only && last !== job) write(`== ${harmless(job)}\n`);
      last = job;
      write(`${raw ? line : harmless(line)}\n`);
    }
  };
}
