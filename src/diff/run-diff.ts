import type { Artifact } from '../artifact/reader.ts';
import { openArtifact } from '../artifact/reader.ts';
import { type Failure, failure } from '../errors/failure.ts';
import type { Change } from '../plan/changes.ts';
import { explainChange } from '../plan/past.ts';
import type { PastRun } from '../plan/runs.ts';
import type { JobRecord, StoredOutput } from '../store/record.ts';
import type { Store } from '../store/store.ts';
import { type ArtifactDiff, diffArtifacts } from './artifact-diff.ts';
import type { Tolerance } from './column-diff.ts';
import { type TrainingLuck, trainingLuck } from './training-luck.ts';
import type { PairedPredictions } from './verdict.ts';

/** A run as the head of a diff names it. */
export interface DiffSide {
  readonly name: string;
  readonly pipeline: string;
  readonly started: string;
}

/** A stage that changed by itself: not because of what it reads. */
export interface Cause {
  readonly stage: string;
  readonly changes: readonly Change[];
}

/** How one output of a stage differs; `problem`: it cannot be compared, and why. */
export interface OutputDiff {
  readonly slot: string;
  readonly type: string;
  readonly digests: readonly [string | undefined, string | undefined];
  readonly diff?: ArtifactDiff;
  /** The samples that predictions are about, by digest. */
  readonly samples?: string;
  readonly problem?: Failure;
}

export interface StageDiff {
  readonly stage: string;
  /** `again`: the same results, made by other code or parameters. `added`, `removed`: only one run has it. */
  readonly status: 'same' | 'again' | 'changed' | 'added' | 'removed' | 'unknown';
  readonly outputs: readonly OutputDiff[];
}

/** All that differs between two runs, causes first. */
export interface RunDiff {
  readonly causes: readonly Cause[];
  readonly stages: readonly StageDiff[];
}

/** Artifacts whose bytes differ with every run: documents and the times of a search. What they say is told elsewhere. */
const notCompared: ReadonlySet<string> = new Set(['blob', 'cv-results']);

/** Compares two runs stage by stage, in the order of the second; `stages`: only these and what led to them. */
export function diffRuns(
  store: Store,
  before: PastRun,
  after: PastRun,
  { stages, tolerance }: { readonly stages: readonly string[]; readonly tolerance: Tolerance },
): RunDiff {
  const all = [...new Set([...after.stages.keys(), ...before.stages.keys()])];
  const wanted = (id: string): boolean =>
    stages.length === 0 || stages.some((name) => id === name || id.startsWith(`${name}[`));
  const luck = trainingLuck(refitsOf(store, [before, after]));
  const causes: Cause[] = [];
  const compared: StageDiff[] = [];
  for (const id of all) {
    const [one, other] = [recordOf(store, before, id), recordOf(store, after, id)];
    if (one !== undefined && other !== undefined && one.fingerprint !== other.fingerprint) {
      const own = explainChange(store, one.tree, other.tree).filter(({ kind }) => kind !== 'input');
      if (own.length > 0) causes.push({ stage: id, changes: own });
    }
    if (wanted(id)) compared.push(diffStage(store, id, before, after, tolerance, luck));
  }
  return { causes, stages: compared };
}

function recordOf(store: Store, run: PastRun, id: string): JobRecord | undefined {
  const past = run.stages.get(id);
  return past === undefined ? undefined : store.readRecord(past.fingerprint);
}

function diffStage(
  store: Store,
  id: string,
  before: PastRun,
  after: PastRun,
  tolerance: Tolerance,
  luck: TrainingLuck,
): StageDiff {
  if (!before.stages.has(id)) return { stage: id, status: 'added', outputs: [] };
  if (!after.stages.has(id)) return { stage: id, status: 'removed', outputs: [] };
  const [one, other] = [recordOf(store, before, id), recordOf(store, after, id)];
  if (one === undefined || other === undefined) {
    const which = one === undefined ? before : after;
    const problem = failure('diff-record', `what ${id} made in run ${which.id} is not known any more`, {
      hint: 'run that pipeline again: what is not there is made',
    });
    return {
      stage: id,
      status: 'unknown',
      outputs: [{ slot: '', type: '', digests: [undefined, undefined], problem }],
    };
  }
  return diffRecords(store, id, one, other, tolerance, luck);
}

/** What trainings of the same model with other seeds came to in these runs. */
function refitsOf(store: Store, runs: readonly PastRun[]): Artifact[] {
  const found = new Map<string, StoredOutput>();
  for (const run of runs)
    for (const id of run.stages.keys())
      for (const output of Object.values(recordOf(store, run, id)?.outputs ?? {}))
        if (output.type === 'refits') found.set(output.digest, output);
  return [...found.values()].flatMap((output) => {
    if (!store.isWhole(output)) return [];
    const opened = openArtifact(store.layout.blob(output.digest));
    return opened.ok ? [opened.value] : [];
  });
}

/** Compares what two jobs made. `luck`: how far training again goes, where the runs tell. */
export function diffRecords(
  store: Store,
  id: string,
  one: JobRecord,
  other: JobRecord,
  tolerance: Tolerance,
  luck: TrainingLuck = trainingLuck([]),
): StageDiff {
  const slots = [...new Set([...Object.keys(one.outputs), ...Object.keys(other.outputs)])];
  const predictions = predictionsOf(store, one, other, luck);
  const outputs = slots.flatMap((slot): OutputDiff[] => {
    const [a, b] = [one.outputs[slot], other.outputs[slot]];
    const digests = [a?.digest, b?.digest] as const;
    const type = (a ?? b)?.type ?? '';
    if (digests[0] === digests[1]) return [];
    if (a === undefined || b === undefined) return [{ slot, type, digests }];
    if (notCompared.has(type)) return [{ slot, type, digests }];
    const opened = openBoth(store, `${id}.${slot}`, a, b);
    if ('problem' in opened) return [{ slot, type, digests, problem: opened.problem }];
    const samples = type === 'predictions' ? other.tree.inputs['samples']?.[0]?.digest : undefined;
    return [
      {
        slot,
        type,
        digests,
        ...(samples === undefined ? {} : { samples }),
        diff: diffArtifacts(opened.before, opened.after, tolerance, type === 'metrics' ? predictions : undefined),
      },
    ];
  });
  const matter = outputs.filter(({ type }) => !notCompared.has(type) && type !== 'timings');
  const status = matter.length > 0 ? 'changed' : one.fingerprint === other.fingerprint ? 'same' : 'again';
  return { stage: id, status, outputs };
}

type Opened =
  | { readonly before: Parameters<typeof diffArtifacts>[0]; readonly after: Parameters<typeof diffArtifacts>[0] }
  | { readonly problem: Failure };

function openBoth(store: Store, name: string, before: StoredOutput, after: StoredOutput): Opened {
  const artifacts = [];
  for (const output of [before, after]) {
    if (!store.isWhole(output)) {
      const problem = failure(
        'diff-gone',
        `${name}: the artifact ${output.digest.slice(0, 12)} is not in the store any more`,
        {
          hint: 'it was collected, or damaged and set aside: run the pipeline again to have it',
        },
      );
      return { problem };
    }
    const opened = openArtifact(store.layout.blob(output.digest));
    if (!opened.ok) return { problem: opened.error };
    artifacts.push(opened.value);
  }
  const [one, other] = artifacts as [Parameters<typeof diffArtifacts>[0], Parameters<typeof diffArtifacts>[0]];
  return { before: one, after: other };
}

/** The predictions that the scores of two evaluations are of. Of the same weights no training is between them. */
function predictionsOf(
  store: Store,
  one: JobRecord,
  other: JobRecord,
  luck: TrainingLuck,
): PairedPredictions | undefined {
  const [a, b] = [one.outputs['predictions'], other.outputs['predictions']];
  if (a === undefined || b === undefined) return undefined;
  const opened = openBoth(store, 'predictions', a, b);
  if ('problem' in opened) return undefined;
  const [weights, weightsNow] = [one, other].map(({ tree }) => tree.inputs['weights']?.[0]?.digest);
  const isSameModel = weights !== undefined && weights === weightsNow;
  return { ...opened, trainingDeviation: isSameModel ? 0 : luck(opened.after.metadata['model']) };
}
