import type { StageInstance } from '../pipeline/pipeline.ts';
import { type Job, type LookedUpJob, lookUp } from '../plan/job.ts';
import { type NamedPart, stageJob, stageParts } from '../plan/stage-jobs.ts';
import { type JobRecord, jobsOf } from '../store/record.ts';
import type { JobPart } from '../task/part.ts';
import { err, ok, type Result } from '../util/result.ts';
import type { FinishedStage, RunScope } from './context.ts';
import { emitCached, failedParts } from './job.ts';

/** Runs one stage instance whose inputs are done: from the store where it can, by its jobs where it must. */
export async function runStage(
  scope: RunScope,
  instance: StageInstance,
  finished: ReadonlyMap<string, FinishedStage>,
): Promise<Result<FinishedStage>> {
  const looked = await lookUpStage(scope, instance, finished);
  if (!looked.ok) return looked;
  const { record, fingerprint } = looked.value;
  const evicted = record?.evicted === true;
  const done = record !== undefined && !scope.isForced(instance.id) && !(evicted && scope.isWanted(instance.id));
  if (!done) return makeStage(scope, instance, finished, looked.value);
  const jobs = jobsOf(record);
  scope.emit({ type: 'stage-started', stage: instance.id, jobs, cachedJobs: jobs });
  emitCached(scope, looked.value, record);
  return ok({ status: 'cached', fingerprint, outputs: record.outputs, evicted });
}

async function lookUpStage(
  scope: RunScope,
  instance: StageInstance,
  finished: ReadonlyMap<string, FinishedStage>,
): Promise<Result<LookedUpJob>> {
  const job = await stageJob(scope, instance, finished);
  return job.ok ? lookUp(scope, job.value) : job;
}

/** Runs the jobs of a stage instance; of those that it fans out into, the ones that are not in the store. */
export async function makeStage(
  scope: RunScope,
  instance: StageInstance,
  finished: ReadonlyMap<string, FinishedStage>,
  before?: LookedUpJob,
): Promise<Result<FinishedStage>> {
  let restoredAny = false;
  const producers = new Set(Object.values(instance.inputs).flatMap((list) => list.map((input) => input.instance)));
  for (const producer of producers) {
    if (finished.get(producer)?.evicted !== true) continue;
    const restored = await scope.restore(producer);
    if (!restored.ok) return restored;
    restoredAny = true;
  }
  // Looked up again after that: what was made again may have another digest, where a stage measures times.
  const looked =
    before === undefined || restoredAny
      ? await lookUpStage(scope, instance, finished)
      : { ok: true as const, value: before };
  if (!looked.ok) return looked;
  const parts = await runParts(scope, instance, looked.value.job);
  if (!parts.ok) return parts;
  if (parts.value.length === 0) scope.emit({ type: 'stage-started', stage: instance.id, jobs: 1, cachedJobs: 0 });
  const ran = await reported(scope, looked.value, () => scope.runJob(looked.value, parts.value));
  if (!ran.ok) return ran;
  const { fingerprint } = looked.value;
  return ok({ status: 'done', fingerprint, outputs: ran.value.outputs, evicted: false });
}

/**
 * Tells of a job's failure as soon as it happens, also when others of the stage go on. A job that waited for room when the run was
 * stopped is a failure too, and no exception: those that run beside it must be waited for.
 */
async function reported(
  scope: RunScope,
  looked: LookedUpJob,
  run: () => Promise<Result<JobRecord>>,
): Promise<Result<JobRecord>> {
  const { job } = looked;
  const result = await unlessStopped(scope, run);
  if (!result.ok && !scope.signal.aborted) {
    scope.emit({
      type: 'job-failed',
      stage: job.stage,
      job: job.id,
      failure: result.error,
      log: scope.logFile(job.id, looked.fingerprint),
    });
  }
  return result;
}

async function unlessStopped(scope: RunScope, run: () => Promise<Result<JobRecord>>): Promise<Result<JobRecord>> {
  try {
    return await run();
  } catch (problem) {
    if (scope.signal.aborted) return err({ code: 'interrupted', message: 'the run was stopped' });
    throw problem;
  }
}

/** Runs the jobs that a stage fans out into, those that are not in the store: round by round, until no more are named. */
async function runParts(scope: RunScope, instance: StageInstance, job: Job): Promise<Result<JobPart[]>> {
  const finished: JobPart[] = [];
  let cached = 0;
  for (;;) {
    const named = await stageParts(scope, instance, job, finished);
    if (!named.ok) return named;
    if (named.value.length === 0) return ok(finished);
    const looked = named.value.map((part) => lookUp(scope, part.job));
    const isCached = (one: Result<LookedUpJob>): boolean =>
      one.ok && cachedRecord(scope, instance, one.value) !== undefined;
    cached += looked.filter(isCached).length;
    const jobs = finished.length + looked.length;
    const type = finished.length === 0 ? 'stage-started' : 'stage-grew';
    scope.emit({ type, stage: instance.id, jobs, cachedJobs: cached });
    const round = await runRound(scope, instance, named.value, looked);
    if (!round.ok) return round;
    finished.push(...round.value);
  }
}

function cachedRecord(scope: RunScope, instance: StageInstance, { record }: LookedUpJob): JobRecord | undefined {
  return scope.isForced(instance.id) || record?.evicted === true ? undefined : record;
}

/** Runs the parts of one round. All of them are waited for. */
async function runRound(
  scope: RunScope,
  instance: StageInstance,
  named: readonly NamedPart[],
  looked: readonly Result<LookedUpJob>[],
): Promise<Result<JobPart[]>> {
  const records = await Promise.all(
    looked.map(async (one): Promise<Result<JobRecord>> => {
      if (!one.ok) return one;
      const record = cachedRecord(scope, instance, one.value);
      if (record === undefined) return reported(scope, one.value, () => scope.runJob(one.value, []));
      emitCached(scope, one.value, record);
      return ok(record);
    }),
  );
  if (scope.signal.aborted && records.some((record) => !record.ok))
    return err({ code: 'interrupted', message: 'the run was stopped' });
  const failed = records.find((record) => !record.ok);
  if (failed !== undefined && !failed.ok) return err(failedParts(records, failed.error));
  return ok(
    records.flatMap((record, index) => {
      const part = named[index];
      if (!record.ok || part === undefined) return [];
      return [{ name: part.name, params: part.job.params, record: record.value }];
    }),
  );
}
