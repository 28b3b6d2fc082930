import type { Failure } from '../errors/failure.ts';
import type { RetryReason } from '../events/event.ts';
import type { Job } from '../plan/job.ts';
import type { Allocation } from '../schedule/demand.ts';
import { exhaustedMemory, memoryFailure } from './memory-failure.ts';
import type { Needs } from './needs.ts';

/** A worker that dies takes the job with it, not the run; but a job that kills every worker must end. */
const triesAfterDeath = 2;

/** Seconds before the second try; each later one waits twice as long, at most a minute. */
const firstPause = 1;
const longestPause = 60;

/** Failures that another try cannot change: what the job works on is not what it was, or nobody wants it any more. */
const final = new Set([
  'input-changed',
  'code-changed',
  'interrupted',
  'job-cancelled',
  'pool-closed',
  'backend-missing',
  'backend-no-gpu',
]);

/** How often a job was tried in vain, by why. */
export interface Tries {
  deaths: number;
  failures: number;
}

/** The next try of a job that failed, or the failure to tell where memory ran out for good. */
export type NextTry = { readonly reason: RetryReason; readonly wait: number } | { readonly failure: Failure };

/** What the next try of a job depends on beside its failure. */
export interface TryScope {
  readonly needs: Needs;
  /** The most that a job can have, in bytes. */
  readonly capacity: { readonly memory: number };
  /** Whether the system has killed processes for want of memory since it was asked last. */
  readonly wasKilled: () => boolean;
}

/**
 * Whether a job that failed is tried again. A worker's death: twice, whatever the pipeline says. Memory that ran out: with a
 * larger share and fewer beside it, until it has all that there is; such tries do not count as the pipeline's `retries`.
 * Else as often as these say, after a pause that doubles.
 */
export function nextTry(
  { needs, capacity, wasKilled }: TryScope,
  job: Job,
  problem: Failure,
  allocation: Allocation,
  tries: Tries,
): NextTry | undefined {
  if (final.has(problem.code)) return undefined;
  const exhausted = exhaustedMemory(problem, allocation, wasKilled());
  if (exhausted !== undefined) {
    const more = needs.grow(job, allocation, exhausted, capacity);
    return more ? { reason: 'memory', wait: 0 } : { failure: memoryFailure(problem, allocation, exhausted) };
  }
  const pause = (number: number): number => Math.min(longestPause, firstPause * 2 ** (number - 1));
  if (problem.code === 'worker-died') {
    tries.deaths++;
    return tries.deaths <= triesAfterDeath
      ? { reason: 'died', wait: tries.deaths === 1 ? 0 : pause(tries.deaths - 1) }
      : undefined;
  }
  tries.failures++;
  if (tries.failures > job.execution.retries) return undefined;
  return { reason: problem.code === 'job-timeout' ? 'timeout' : 'failed', wait: pause(tries.failures) };
}
