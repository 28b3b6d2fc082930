import type { Failure } from '../errors/failure.ts';
import type { Resources, StageInstance } from '../pipeline/pipeline.ts';
import type { Selected } from '../pipeline/select.ts';
import type { AnyStageKind } from '../stage/stage-kind.ts';
import { type JobRecord, jobsOf, type StoredOutput } from '../store/record.ts';
import { err, ok, type Result } from '../util/result.ts';
import type { Change } from './changes.ts';
import { type Job, type LookedUpJob, lookUp, type PlanScope } from './job.ts';
import { type Measurement, type Measurements, openMeasurements } from './measured.ts';
import { explainChange, openPast, type Past } from './past.ts';
import { type FinishedPart, fansOutInRounds, type NamedPart, stageJob, stageParts } from './stage-jobs.ts';

/** Why a stage would run. */
export type Reason =
  /** It has not run in this store, as far as its runs tell. */
  | 'new'
  /** Something that could change its result is not what it was: see `changes`. */
  | 'changed'
  /** Nothing changed, but what it made is not there any more, or damaged. */
  | 'lost'
  /** Its artifacts were removed to save space, and a stage that runs needs them, or whoever asked. */
  | 'evicted'
  /** It was asked for, whatever is cached. */
  | 'forced'
  /** A stage that it reads from would run: whether its own inputs change is known then. */
  | 'follows';

/** What would become of a stage instance. */
export interface PlannedStage {
  readonly id: string;
  readonly stage: string;
  readonly status: 'cached' | 'run';
  readonly reason?: Reason;
  /** The leaves that changed since the run named by `since`. */
  readonly changes: readonly Change[];
  readonly since?: string;
  /** For `follows`: the stages that would run, which it reads from. */
  readonly after: readonly string[];
  /** Jobs that would run, and that are cached; undefined where nobody can say yet how many there are. What a stage that follows would run is taken from its last time. */
  readonly jobs?: { readonly run: number; readonly cached: number };
  /** Computing time that is to be expected, in seconds, by past timings; undefined where there are none. */
  readonly seconds?: number;
}

/** A job that would run, and what is expected of it; `expected` is undefined where nothing like it ran before. */
export interface PlannedJob {
  readonly kind: AnyStageKind;
  readonly resources: Resources;
  readonly round: number;
  readonly expected: Measurement | undefined;
}

/** The jobs of a stage instance that would run: its parts, then the job that collects them; or one job alone. */
export interface PlannedWork {
  readonly id: string;
  readonly after: readonly string[];
  readonly parts: readonly PlannedJob[];
  readonly own: PlannedJob;
}

/** What a run would do. */
export interface Plan {
  readonly stages: readonly PlannedStage[];
  /** The jobs behind it, of the stages that would run. */
  readonly work: readonly PlannedWork[];
}

/** A stage while the plan is made. */
interface Draft {
  readonly instance: StageInstance;
  status: 'cached' | 'run';
  reason: Reason | undefined;
  readonly changes: readonly Change[];
  readonly since: string | undefined;
  readonly after: readonly string[];
  readonly looked: LookedUpJob | undefined;
  readonly last: JobRecord | undefined;
}

/**
 * Says what a run would do, without running anything or writing to the store. A stage whose inputs are known is
 * looked up by its fingerprint; one that reads from a stage that would run `follows` it. Errors: data that is not there,
 * by stage.
 */
export async function planPipeline(scope: PlanScope, selected: Selected): Promise<Result<Plan, Failure[]>> {
  const past = openPast(scope.store, scope.pipeline.name, scope.pipeline.profile ?? 'default');
  const known = new Map<string, { outputs: Readonly<Record<string, StoredOutput>> }>();
  const drafts = new Map<string, Draft>();
  const problems: Failure[] = [];
  for (const instance of selected.instances) {
    const draft = await draftStage(scope, selected, instance, known, past);
    if (!draft.ok) {
      problems.push({ ...draft.error, message: `${instance.id}: ${draft.error.message}` });
      continue;
    }
    drafts.set(instance.id, draft.value);
    // What is made again under the same fingerprint comes out the same: those after it can be looked up all the same.
    const record = draft.value.looked?.record;
    if (record !== undefined) known.set(instance.id, { outputs: record.outputs });
  }
  if (problems.length > 0) return err(problems);
  needEvicted(selected, drafts);
  const siblings = new Map<string, JobRecord>();
  for (const { instance, last } of drafts.values()) if (last !== undefined) siblings.set(instance.stage, last);
  const stages: PlannedStage[] = [];
  const work: PlannedWork[] = [];
  const measurements = openMeasurements(scope);
  for (const draft of drafts.values()) {
    const last = draft.last ?? siblings.get(draft.instance.stage);
    const jobs = draft.status === 'cached' ? undefined : await plannedJobs(scope, selected, draft, last, measurements);
    if (jobs !== undefined) work.push(jobs.work);
    stages.push(finish(draft, jobs));
  }
  return ok({ stages, work });
}

async function draftStage(
  scope: PlanScope,
  selected: Selected,
  instance: StageInstance,
  known: ReadonlyMap<string, { outputs: Readonly<Record<string, StoredOutput>> }>,
  past: Past,
): Promise<Result<Draft>> {
  const producers = new Set(Object.values(instance.inputs).flatMap((list) => list.map((input) => input.instance)));
  const unknown = [...producers].filter((producer) => !known.has(producer));
  const none = { changes: [], since: undefined, after: unknown, looked: undefined };
  if (unknown.length > 0) {
    const last = past.last(instance.id)?.record;
    return ok({ instance, status: 'run', reason: 'follows', ...none, last });
  }
  const job = await stageJob(scope, instance, known);
  if (!job.ok && job.error.code === 'not-fetched') {
    scope.note(instance.id, `${job.error.message}: a run fetches it`);
    return ok({ instance, status: 'run', reason: 'new', ...none, last: past.last(instance.id)?.record });
  }
  if (!job.ok) return job;
  const looked = lookUp(scope, job.value);
  if (!looked.ok) return looked;
  const { record, tree, code } = looked.value;
  const draft = { instance, ...none, looked: looked.value };
  if (record !== undefined) {
    const evicted = record.evicted === true && selected.wanted.has(instance.id);
    const reason = selected.forced.has(instance.id) ? 'forced' : evicted ? 'evicted' : undefined;
    return ok({ ...draft, status: reason === undefined ? 'cached' : 'run', reason, last: record });
  }
  const last = past.last(instance.id);
  if (last === undefined) return ok({ ...draft, status: 'run', reason: 'new', last: undefined });
  const changes = explainChange(scope.store, last.record.tree, tree, code.text);
  const reason = changes.length === 0 ? 'lost' : 'changed';
  return ok({ ...draft, status: 'run', reason, changes, since: last.run.id, last: last.record });
}

/** From the end: what runs needs the artifacts of what it reads from, and those that are evicted are made again first. */
function needEvicted(selected: Selected, drafts: ReadonlyMap<string, Draft>): void {
  for (const instance of [...selected.instances].reverse()) {
    if (drafts.get(instance.id)?.status !== 'run') continue;
    for (const { instance: producer } of Object.values(instance.inputs).flat()) {
      const draft = drafts.get(producer);
      if (draft?.status !== 'cached' || draft.looked?.record?.evicted !== true) continue;
      draft.status = 'run';
      draft.reason = 'evicted';
    }
  }
}

function finish(draft: Draft, jobs: PlannedJobs | undefined): PlannedStage {
  const { instance, status, reason, changes, since, after, last } = draft;
  const counts = jobs === undefined ? { run: 0, cached: last === undefined ? 1 : jobsOf(last) } : jobs.counts;
  const seconds = jobs === undefined ? 0 : totalSeconds(jobs.work);
  return {
    id: instance.id,
    stage: instance.stage,
    status,
    ...(reason === undefined ? {} : { reason }),
    changes,
    ...(since === undefined || last === undefined ? {} : { since }),
    after,
    ...(counts === undefined ? {} : { jobs: counts }),
    ...(seconds === undefined ? {} : { seconds }),
  };
}

interface PlannedJobs {
  readonly counts: PlannedStage['jobs'];
  readonly work: PlannedWork;
}

/** Which jobs of a stage would run. What cannot be known before the stages before it are done is taken from its last time. */
async function plannedJobs(
  scope: PlanScope,
  selected: Selected,
  { instance, looked }: Draft,
  last: JobRecord | undefined,
  measurements: Measurements,
): Promise<PlannedJobs> {
  const { kind } = instance.loaded;
  const { resources, id, after } = instance;
  const ownBefore = last === undefined ? undefined : { seconds: last.seconds };
  const own = {
    kind,
    resources,
    round: 0,
    expected: (looked === undefined ? undefined : measurements.expect(looked.job)) ?? ownBefore,
  };
  if (kind.fanOut === undefined) return { counts: { run: 1, cached: 0 }, work: { id, after, parts: [], own } };
  const each = last?.parts === undefined ? undefined : { seconds: last.parts.seconds / Math.max(1, jobsOf(last)) };
  const part = (job?: Job): PlannedJob => ({
    kind: kind.fanOut?.part as unknown as AnyStageKind,
    resources,
    round: job?.round ?? 0,
    expected: (job === undefined ? undefined : measurements.expect(job)) ?? each,
  });
  const named =
    looked === undefined || !inputsAreThere(scope, looked) ? undefined : await stageParts(scope, instance, looked.job);
  if (named === undefined || !named.ok) {
    const before = last === undefined ? undefined : jobsOf(last);
    const counts = before === undefined ? undefined : { run: before, cached: 0 };
    return { counts, work: { id, after, parts: Array.from({ length: before ?? 1 }, () => part()), own } };
  }
  const known = await knownParts(scope, selected, instance, (looked as LookedUpJob).job, named.value);
  const parts = known.missing.map(({ job }) => part(job));
  // What follows from the missing ones nobody knows yet: as many jobs as last time.
  const open = parts.length > 0 && fansOutInRounds(instance) && last !== undefined;
  while (open && parts.length < jobsOf(last) - known.cached) parts.push(part());
  return { counts: { run: parts.length, cached: known.cached }, work: { id, after, parts, own } };
}

/** The parts that would run, of the first round that is not wholly cached; and how many are cached until then. */
async function knownParts(
  scope: PlanScope,
  selected: Selected,
  instance: StageInstance,
  job: Job,
  first: readonly NamedPart[],
): Promise<{ readonly missing: readonly NamedPart[]; readonly cached: number }> {
  const finished: FinishedPart[] = [];
  for (let round = first; round.length > 0; ) {
    const missing: NamedPart[] = [];
    for (const part of round) {
      const record = cachedPart(scope, selected, instance, part.job);
      if (record === undefined) missing.push(part);
      else finished.push({ name: part.name, params: part.job.params, record });
    }
    if (missing.length > 0) return { missing, cached: finished.length };
    const next = await stageParts(scope, instance, job, finished);
    round = next.ok ? next.value : [];
  }
  return { missing: [], cached: finished.length };
}

function cachedPart(scope: PlanScope, selected: Selected, instance: StageInstance, job: Job): JobRecord | undefined {
  const one = lookUp(scope, job);
  const record = one.ok ? one.value.record : undefined;
  return record?.evicted === true || selected.forced.has(instance.id) ? undefined : record;
}

/** Seconds of all jobs; undefined where one of them is not known. */
function totalSeconds({ parts, own }: PlannedWork): number | undefined {
  return [...parts, own].reduce<number | undefined>(
    (sum, { expected }) => (sum === undefined || expected === undefined ? undefined : sum + expected.seconds),
    0,
  );
}

function inputsAreThere(scope: PlanScope, { job }: LookedUpJob): boolean {
  return Object.values(job.inputs)
    .flat()
    .every(({ digest }) => {
      try {
        return scope.store.hashes.digest(scope.store.layout.blob(digest)) === digest;
      } catch {
        return false;
      }
    });
}
