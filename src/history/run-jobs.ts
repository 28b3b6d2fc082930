import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Failure } from '../errors/failure.ts';
import { journalFile } from '../events/journal.ts';
import { logName } from '../events/log-name.ts';
import { readEvents } from '../events/read-journal.ts';
import type { Store } from '../store/store.ts';

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
          attempts: event.attempt ?? 1,
          ...(event.fingerprint === undefined ? {} : { fingerprint: event.fingerprint }),
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
    const log = job.log ?? logOf(store, folder, job);
    if (log !== undefined && existsSync(log)) job.log = log;
    else delete job.log;
  }
  return [...jobs.values()];
}

function logOf(store: Store, folder: string, { job, status, fingerprint }: RunJob): string | undefined {
  if (fingerprint === undefined) return undefined;
  if (status === 'cached') return store.readRecord(fingerprint)?.log;
  return join(folder, 'logs', logName(job, fingerprint));
}
