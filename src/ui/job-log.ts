import { logOf } from '../history/run-jobs.ts';
import type { Store } from '../store/store.ts';
import { type LogPiece, readLogPiece } from './log-piece.ts';

/** A job as the page names it. */
export interface AskedJob {
  readonly job: string;
  readonly fingerprint: string;
  /** Its result was in the store: its log is that of the run that made it. */
  readonly cached: boolean;
}

/** A piece of a job's log, from a place on or the last lines; it lies in this store, whatever was asked for. */
export function logOfJob(store: Store, run: string, { job, fingerprint, cached }: AskedJob, from?: number): LogPiece {
  const path = logOf(store, run, { job, fingerprint, status: cached ? 'cached' : 'done' });
  return path === undefined ? { lines: [], next: 0, skipped: 0 } : readLogPiece(path, from);
}
