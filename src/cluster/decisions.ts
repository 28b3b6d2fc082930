import { type Failure, failure } from '../errors/failure.ts';
import type { RetryReason } from '../events/event.ts';
import type { SlurmSettings } from '../pipeline/executor.ts';
import type { Job } from '../plan/job.ts';
import type { Allocation } from '../schedule/demand.ts';
import type { Needs } from '../task/needs.ts';
import { nextTry, type Tries } from '../task/retry.ts';
import { outOfTime } from './outcome.ts';
import { pilotOverhead } from './spec.ts';

/** What becomes of a job whose attempt made no result. */
export type Decision =
  | { readonly type: 'fail'; readonly failure: Failure }
  /** Another attempt after some seconds; `pilotTime`: a pilot must have so many for it. */
  | { readonly type: 'again'; readonly reason: RetryReason; readonly wait: number; readonly pilotTime?: number }
  /** It stays in the queue, for any pilot. */
  | { readonly type: 'stay' };

/** An attempt that made no result. */
export interface FailedAttempt {
  readonly job: Job;
  readonly failure: Failure;
  readonly allocation: Allocation;
  /** Memory ran out, or the system has killed processes because it did. */
  readonly killed: boolean;
  /** Seconds that its pilot had. */
  readonly pilotTime: number;
  readonly tries: Tries;
}

/** What decides beside the attempt. */
export interface Bounds {
  readonly needs: Needs;
  readonly most: SlurmSettings['most'];
}

/** A node that fails or is wanted by others is nobody's fault; but a job that this happens to again and again must end. */
export const movesAtMost = 20;

/** States of Slurm after which a job may just go on elsewhere; of what was put back into the queue, those that it has then. */
const innocent = new Set([
  'BOOT_FAIL',
  'CANCELLED',
  'COMPLETING',
  'CONFIGURING',
  'NODE_FAIL',
  'PENDING',
  'PREEMPTED',
  'REQUEUED',
  'RESV_DEL_HOLD',
  'REVOKED',
  'RUNNING',
  'STOPPED',
  'SUSPENDED',
]);

/** Memory that ran out: more of it, within the bounds. Time that was up: twice as much. Else as often as the pipeline says. */
export function afterFailure(attempt: FailedAttempt, { needs, most }: Bounds): Decision {
  const { job, failure: problem, allocation, killed, pilotTime, tries } = attempt;
  if (problem.code === outOfTime) {
    if (pilotTime < most.time)
      return { type: 'again', reason: 'timeout', wait: 0, pilotTime: Math.min(most.time, 2 * pilotTime) };
    const hint = `it had ${most.time} s, all that a pilot may have; most: {time: …} of executors.slurm allows more`;
    return { type: 'fail', failure: { ...problem, hint } };
  }
  const memory = most.memory === undefined ? Number.POSITIVE_INFINITY : most.memory - pilotOverhead;
  const next = nextTry({ needs, capacity: { memory }, wasKilled: () => killed }, job, problem, allocation, tries);
  if (next === undefined) return { type: 'fail', failure: problem };
  if ('failure' in next) return { type: 'fail', failure: next.failure };
  return { type: 'again', ...next };
}

/**
 * A pilot that died without a word. `state`: what Slurm says of it now; a job that a pilot had when memory ran out, or its time,
 * gets more; one whose node failed, or was wanted by others, goes on elsewhere; else it counts as the death of a worker.
 */
export function afterDeath(
  attempt: Omit<FailedAttempt, 'failure' | 'killed'> & { readonly pilot: string; readonly moves: number },
  state: string | undefined,
  bounds: Bounds,
): Decision & { readonly why: Failure } {
  const death = deathOutcome(attempt.pilot, state);
  if (death !== 'move') return { ...afterFailure({ ...attempt, ...death }, bounds), why: death.failure };
  const why = failure('worker-died', deathText(attempt.pilot, state));
  return attempt.moves < movesAtMost ? { type: 'stay', why } : { type: 'fail', failure: why, why };
}

/** What the end of a pilot in the middle of a job was, by what Slurm says of it; `move`: the job may just go on elsewhere. */
export function deathOutcome(
  pilot: string,
  state: string | undefined,
): 'move' | { readonly failure: Failure; readonly killed: boolean } {
  const text = deathText(pilot, state);
  if (state !== undefined && innocent.has(state)) return 'move';
  // Worded as the death of a process is, by which the memory's end is known.
  if (state === 'OUT_OF_MEMORY')
    return { failure: failure('worker-died', `${text} (SIGKILL: memory ran out)`), killed: true };
  if (state === 'TIMEOUT' || state === 'DEADLINE') return { failure: failure(outOfTime, text), killed: false };
  return { failure: failure('worker-died', text), killed: false };
}

function deathText(pilot: string, state: string | undefined): string {
  return `the pilot ${pilot} ${state === undefined ? 'is gone' : `ended: ${state}`} in the middle of the job`;
}
