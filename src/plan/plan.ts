import type { Failure } from '../errors/failure.ts';
import type { StageInstance } from '../pipeline/pipeline.ts';
import type { Selected } from '../pipeline/select.ts';
import { type JobRecord, jobsOf, type StoredOutput } from '../store/record.ts';
import { err, ok, type Result } from '../util/result.ts';
import type { Change } from './changes.ts';
import { type LookedUpJob, lookUp, type PlanScope } from './job.ts';
import { explainChange, openPast, type Past } from './past.ts';
import { stageJob, stageParts } from './stage-jobs.ts';

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

/** What a run would do. */
export interface Plan {
  readonly stages: readonly PlannedStage[];
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
  for (const draft of drafts.values()) stages.push(await finish(scope, selected, draft, siblings));
  return ok({ stages });
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

async function finish(
  scope: PlanScope,
  selected: Selected,
  draft: Draft,
  siblings: ReadonlyMap<string, JobRecord>,
): Promise<PlannedStage> {
  const { instance, status, reason, changes, since, after, last } = draft;
  const jobs = await countJobs(scope, selected, draft);
  const past = draft.last ?? siblings.get(draft.instance.stage);
  const seconds = status === 'cached' ? 0 : expectedSeconds(past, jobs?.run ?? 0);
  return {
    id: instance.id,
    stage: instance.stage,
    status,
    ...(reason === undefined ? {} : { reason }),
    changes,
    ...(since === undefined || last === undefined ? {} : { since }),
    after,
    ...(jobs === undefined ? {} : { jobs }),
    ...(seconds === undefined ? {} : { seconds }),
  };
}

async function countJobs(
  scope: PlanScope,
  selected: Selected,
  draft: Draft,
): Promise<PlannedStage['jobs'] | undefined> {
  const { instance, status, looked, last } = draft;
  const before = last === undefined ? 1 : jobsOf(last);
  if (status === 'cached') return { run: 0, cached: before };
  if (instance.loaded.kind.fanOut === undefined) return { run: 1, cached: 0 };
  const guess = last === undefined ? undefined : { run: before, cached: 0 };
  if (looked === undefined || !inputsAreThere(scope, looked)) return guess;
  const parts = await stageParts(scope, instance, looked.job);
  if (!parts.ok) return guess;
  const cached = parts.value.filter(({ job }) => {
    const one = lookUp(scope, job);
    const record = one.ok ? one.value.record : undefined;
    return record !== undefined && record.evicted !== true && !selected.forced.has(instance.id);
  }).length;
  return { run: parts.value.length - cached, cached };
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

/** By the stage's own last time; else by that of another instance of the same stage. */
function expectedSeconds(record: JobRecord | undefined, jobs: number): number | undefined {
  if (record === undefined) return undefined;
  const each = record.parts === undefined ? 0 : record.parts.seconds / Math.max(1, jobsOf(record));
  return record.seconds + each * (record.parts === undefined ? 0 : jobs);
}
