import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { type Failure, failure } from '../errors/failure.ts';
import type { LookedUpJob } from '../plan/job.ts';
import type { Allocation } from '../schedule/demand.ts';
import { isUrgent } from '../schedule/plan-time.ts';
import type { Lease, Owner } from '../store/leases.ts';
import { type JobRecord, secondsOf } from '../store/record.ts';
import { type Attempt, attemptTask } from '../task/attempt.ts';
import type { JobPart } from '../task/part.ts';
import { publishTask } from '../task/publish.ts';
import { nextTry } from '../task/retry.ts';
import type { TaskScope } from '../task/scope.ts';
import { type Task, taskOf } from '../task/task.ts';
import { err, ok, type Result } from '../util/result.ts';
import type { RunScope } from './context.ts';

/** Tells that a job is cached. */
export function emitCached(scope: RunScope, { job, fingerprint }: LookedUpJob, record: JobRecord): void {
  const seconds = secondsOf(record);
  const shown = shownOf(record);
  scope.emit({ type: 'job-finished', stage: job.stage, job: job.id, fingerprint, seconds, cached: true, ...shown });
}

/** What an event says of a job's result. */
function shownOf({ score, finding }: Pick<JobRecord, 'score' | 'finding'>) {
  return { ...(score === undefined ? {} : { score }), ...(finding === undefined ? {} : { finding }) };
}

/** What came of a job that had room. */
type Outcome =
  /** Another run makes it. */
  | { readonly type: 'other'; readonly owner: Owner }
  /** Another run has made it meanwhile. */
  | { readonly type: 'made'; readonly record: JobRecord }
  /** It ran here; the lease is still held. */
  | { readonly type: 'ran'; readonly lease: Lease; readonly attempt: Attempt; readonly allocation: Allocation };

/**
 * Runs a job on a worker when there is room for it, and publishes what it made, after its room was given back. One
 * that fails is tried again where that may help (`retry.ts`). A job that another run on the same store is doing is not done
 * twice: this run waits for it, without taking room, and shares its result.
 */
export async function runJob(
  scope: RunScope,
  looked: LookedUpJob,
  parts: readonly JobPart[],
): Promise<Result<JobRecord>> {
  const { job } = looked;
  if (job.kind.computes === true) {
    const ready = await scope.ensureBackend();
    if (!ready.ok) return ready;
  }
  const prepared = await scope.prepare();
  const { paths, needs, scheduler } = prepared;
  const tries = { deaths: 0, failures: 0 };
  const seconds = scope.measurements.expect(job)?.seconds;
  const order = {
    urgent: isUrgent(job.kind, seconds),
    path: paths.get(job.stage) ?? 0,
    round: job.round,
    seconds: seconds ?? 0,
  };
  const task = taskOf(scope, looked, parts);
  const taskScope: TaskScope = {
    ...scope,
    publishCode: () => scope.store.publishClosure(looked.code.text, looked.code.digest),
  };
  for (let number = 1, asked = performance.now(); ; ) {
    const outcome = await scheduler.schedule(
      () => needs.demand(job),
      order,
      (allocation) => {
        const waited = (performance.now() - asked) / 1000;
        return leased(scope, taskScope, looked, task, { allocation, number, waited, expected: seconds });
      },
    );
    if (outcome.type === 'made') return ok(outcome.record);
    if (outcome.type === 'other') {
      tellOfOther(scope, looked, outcome.owner);
      await scope.store.leases.waitFor(looked.fingerprint, scope.signal);
      continue;
    }
    const { lease, attempt, allocation } = outcome;
    let problem: Failure;
    try {
      // The worker has its next job before this one's result is forced to the disk.
      await nextTurn();
      const published = await publishTask(taskScope, task, attempt, allocation);
      if (published.ok) {
        scope.measurements.note(job, published.value);
        return published;
      }
      problem = published.error;
    } finally {
      lease.release();
      attempt.tidy();
    }
    const next = scope.signal.aborted ? undefined : nextTry(prepared, job, problem, allocation, tries);
    if (next === undefined) return err(problem);
    if ('failure' in next) return err(next.failure);
    number++;
    const { reason, wait } = next;
    scope.emit({ type: 'job-retried', stage: job.stage, job: job.id, failure: problem, reason, attempt: number, wait });
    await pause(wait, scope.signal);
    asked = performance.now();
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

/** Waits some seconds; comes back at once when the run is stopped, and the scheduler then says so. */
async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  await delay(seconds * 1000, undefined, { signal }).catch(() => {});
}

/** Runs the job under its lease. */
async function leased(
  scope: RunScope,
  taskScope: TaskScope,
  looked: LookedUpJob,
  task: Task,
  setting: { allocation: Allocation; number: number; waited: number; expected: number | undefined },
): Promise<Outcome> {
  const lease = scope.store.leases.take(looked.fingerprint);
  if (!('release' in lease)) return { type: 'other', owner: lease };
  try {
    // Made by somebody else since this run looked for it: after the lease is taken, nobody else can be at it.
    const made = scope.isForced(looked.job.stage) ? undefined : scope.find(looked.fingerprint);
    if (made !== undefined && made.evicted !== true) {
      emitCached(scope, looked, made);
      lease.release();
      return { type: 'made', record: made };
    }
    const { needs, gpuMeter, gpuEnvironment } = await scope.prepare();
    const unmeasuredOnGpu = setting.allocation.gpu !== undefined && needs.isUnmeasuredOnGpu(looked.job);
    const attempt = await attemptTask(taskScope, task, { ...setting, unmeasuredOnGpu, gpuMeter, gpuEnvironment });
    return { type: 'ran', lease, attempt, allocation: setting.allocation };
  } catch (problem) {
    lease.release();
    throw problem;
  }
}

function tellOfOther(scope: RunScope, { job }: LookedUpJob, { run, pid, host }: Owner): void {
  if (run === scope.run) return;
  scope.emit({ type: 'job-waiting', stage: job.stage, job: job.id, run, pid, host });
  if (scope.toldOfRuns.has(run)) return;
  scope.toldOfRuns.add(run);
  const where = host === hostname() ? '' : ` on ${host}`;
  const text = `another run (process ${pid}${where}) is at some of the jobs: its results are shared, nothing is done twice`;
  scope.emit({ type: 'notice', level: 'note', text });
}

/** The failure of a stage whose jobs failed: the first one's, with how many there were. */
export function failedParts(records: readonly Result<JobRecord>[], first: Failure): Failure {
  const failed = records.filter((record) => !record.ok).length;
  return failed === 1
    ? first
    : failure(first.code, `${failed} of ${records.length} jobs failed; the first: ${first.message}`, {
        hint: first.hint,
      });
}
