import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Failure } from '../errors/failure.ts';
import { journalFile } from '../events/journal.ts';
import { logName } from '../events/log-name.ts';
import { readEvents } from '../events/read-journal.ts';
import { isDigest } from '../store/layout.ts';
import type { Store } from '../store/store.ts';
import { isUlid } from '../util/ulid.ts';

/** A job as a run's journal tells of it. */
export interface RunJob {
  readonly job: string;
  readonly stage: string;
  /** `stopped`: it ran or waited when its run ended. */
  status: 'running' | 'waiting' | 'done' | 'cached' | 'failed' | 'stopped';
  attempts: number;
  seconds?: number;
  score?: number;
  failure?: Failure;
  fingerprint?: string;
  /** Its log, where there is one: of a cached job that of the run that made it. */
  log?: string;
}

/** The jobs of a run in the order in which they started, with their logs. */
export function jobsOfRun(store: Store, run: string): RunJob[] {
  const folder = store.layout.run(run);
  const jobs = new Map<string, RunJob>();
  const jobOf = (stage: string, name: string): RunJob => {
    const job: RunJob = jobs.get(name) ?? { job: name, stage, status: 'running', attempts: 0 };
    jobs.set(name, job);
    return job;
  };
  for (const event of readEvents(join(folder, journalFile))) {
    switch (event.type) {
      case 'job-started':
        Object.assign(jobOf(event.stage, event.job), {
          status: 'running',
          attempts: event.attempt,
          fingerprint: event.fingerprint,
        });
        break;
      case 'job-waiting':
        jobOf(event.stage, event.job).status = 'waiting';
        break;
      case 'job-finished':
        Object.assign(jobOf(event.stage, event.job), {
          status: event.cached ? 'cached' : 'done',
          seconds: event.seconds,
          fingerprint: event.fingerprint,
          ...(event.score === undefined ? {} : { score: event.score }),
        });
        break;
      case 'job-failed':
        Object.assign(jobOf(event.stage, event.job), { status: 'failed', failure: event.failure, log: event.log });
        break;
      default:
        break;
    }
  }
  const living = store.leases.isLiving(run);
  for (const job of jobs.values()) {
    if (!living && (job.status === 'running' || job.status === 'waiting')) job.status = 'stopped';
    const log = logOf(store, run, job);
    if (log !== undefined && statSync(log, { throwIfNoEntry: false })?.isFile() === true) job.log = log;
    else delete job.log;
  }
  return [...jobs.values()];
}

/**
 * Where a job's log lies: always in the folder of a run of this store. Of the path that a journal or a record names only the
 * last part counts: the store may have moved, and a record may come from somebody else by a remote.
 */
export function logOf(
  store: Store,
  run: string,
  { job, status, fingerprint, log }: Pick<RunJob, 'job' | 'status' | 'fingerprint' | 'log'>,
): string | undefined {
  const inRun = (id: string, name: string): string => join(store.layout.run(id), 'logs', name);
  const known = fingerprint !== undefined && isDigest(fingerprint) ? fingerprint : undefined;
  if (status === 'cached') {
    const record = known === undefined ? undefined : store.readRecord(known);
    if (record === undefined || !isUlid(record.run) || typeof record.log !== 'string') return undefined;
    return inRun(record.run, basename(record.log));
  }
  if (log !== undefined && log !== '') return inRun(run, basename(log));
  return known === undefined ? undefined : inRun(run, logName(job, known));
}
