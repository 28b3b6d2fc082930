import type { Failure } from '../errors/failure.ts';
import type { JobRecord, StoredOutput } from '../store/record.ts';
import type { Store } from '../store/store.ts';
import { ok, type Result } from '../util/result.ts';
import type { Change } from './changes.ts';
import { findStages } from './find-stages.ts';
import { explainChange, openPast, type PastJob } from './past.ts';
import { type PastRun, readRun } from './runs.ts';

/** A stage that changed by itself, not because of what it reads. */
export interface RootCause {
  readonly stage: string;
  /** The leaves that changed; empty where the stage is new or what it had made was lost. */
  readonly changes: readonly Change[];
  readonly reason: 'changed' | 'new' | 'again';
}

/** An input that changed, with how many rows it had and has. */
export interface ChangedInput {
  readonly slot: string;
  readonly stage: string;
  readonly rowsBefore?: number;
  readonly rows?: number;
}

/** Why a stage instance ran, or why it did not. */
export interface Explanation {
  readonly stage: string;
  /** The run that was asked about, and the one that the stage ran in: an earlier one, where it was cached. */
  readonly run: string;
  readonly status: 'done' | 'cached';
  readonly ranIn: string;
  readonly finished: string;
  readonly seconds: number;
  /** The run that it is compared with. */
  readonly comparedWith?: string;
  /** Leaves of the stage itself that changed. */
  readonly changes: readonly Change[];
  readonly inputs: readonly ChangedInput[];
  /** What changed first, upstream-most first; the stage itself where nothing before it changed. */
  readonly causes: readonly RootCause[];
  /** How many stages ran in that run, beside those of the causes. */
  readonly consequences: number;
}

/** One stage instance of one run with the record that it had there. */
interface Scene {
  readonly store: Store;
  readonly run: PastRun;
  readonly records: Map<string, JobRecord>;
}

/** Explains the stage instances that a reference names (see `findStages`). */
export function explainStages(store: Store, reference: string): Result<Explanation[], Failure> {
  const found = findStages(store, reference);
  if (!found.ok) return found;
  const { run, ids } = found.value;
  return ok(ids.flatMap((id) => explain(store, run, id) ?? []));
}

function explain(store: Store, asked: PastRun, id: string): Explanation | undefined {
  const past = asked.stages.get(id);
  const record = past === undefined ? undefined : store.readRecord(past.fingerprint);
  if (past === undefined || record === undefined) return undefined;
  const ranIn = past.status === 'done' ? asked : (readRun(store.layout, record.run) ?? asked);
  const scene: Scene = { store, run: ranIn, records: new Map() };
  const before = openPast(store, asked.pipeline, asked.profile, ranIn.id);
  const last = before.last(id);
  const changes = last === undefined ? [] : explainChange(store, last.record.tree, record.tree);
  const causes = rootCauses(scene, before.last, id, record);
  const ran = [...ranIn.stages].filter(([, { status }]) => status === 'done').length;
  return {
    stage: id,
    run: asked.id,
    status: past.status,
    ranIn: ranIn.id,
    finished: record.finished,
    seconds: record.seconds + (record.parts?.seconds ?? 0),
    ...(last === undefined ? {} : { comparedWith: last.run.id }),
    changes: changes.filter(({ kind }) => kind !== 'input'),
    inputs: changes.flatMap((change) => (change.kind === 'input' ? [changedInput(scene, last, change)] : [])),
    causes,
    consequences: Math.max(0, ran - causes.length),
  };
}

/** The record of a stage in the run that is explained. */
function recordIn(scene: Scene, id: string): JobRecord | undefined {
  const known = scene.records.get(id);
  if (known !== undefined) return known;
  const past = scene.run.stages.get(id);
  const record = past === undefined ? undefined : scene.store.readRecord(past.fingerprint);
  if (record !== undefined) scene.records.set(id, record);
  return record;
}

/** The stage of a run that made an artifact. */
function producerOf(scene: Scene, digest: string): { readonly id: string; readonly output: StoredOutput } | undefined {
  for (const id of scene.run.stages.keys()) {
    const output = Object.values(recordIn(scene, id)?.outputs ?? {}).find((one) => one.digest === digest);
    if (output !== undefined) return { id, output };
  }
  return undefined;
}

function changedInput(scene: Scene, last: PastJob | undefined, change: Change): ChangedInput {
  const now = typeof change.after === 'string' ? producerOf(scene, change.after) : undefined;
  const earlier: Scene | undefined =
    last === undefined ? undefined : { store: scene.store, run: last.run, records: new Map() };
  const was =
    typeof change.before === 'string' && earlier !== undefined ? producerOf(earlier, change.before) : undefined;
  return {
    slot: change.leaf,
    stage: now?.id ?? was?.id ?? change.from ?? '',
    ...(was === undefined ? {} : { rowsBefore: was.output.rows }),
    ...(now === undefined ? {} : { rows: now.output.rows }),
  };
}

/** Follows changed inputs upstream to the stages that changed by themselves. Each stage is looked at once. */
function rootCauses(
  scene: Scene,
  lastOf: (id: string) => PastJob | undefined,
  id: string,
  record: JobRecord,
  seen: Set<string> = new Set(),
): RootCause[] {
  if (seen.has(id)) return [];
  seen.add(id);
  const last = lastOf(id);
  if (last === undefined) return [{ stage: id, changes: [], reason: 'new' }];
  const changes = explainChange(scene.store, last.record.tree, record.tree);
  const upstream = changes.flatMap((change) => {
    const producer =
      change.kind === 'input' && typeof change.after === 'string' ? producerOf(scene, change.after) : undefined;
    const made = producer === undefined ? undefined : recordIn(scene, producer.id);
    return producer === undefined || made === undefined ? [] : rootCauses(scene, lastOf, producer.id, made, seen);
  });
  const own = changes.filter(({ kind }) => kind !== 'input');
  if (own.length > 0) return [...upstream, { stage: id, changes: own, reason: 'changed' }];
  return upstream.length > 0 || changes.length > 0 ? upstream : [{ stage: id, changes: [], reason: 'again' }];
}
