import { type FingerprintTree, fingerprintOf, formatVersion } from '../fingerprint/fingerprint.ts';
import type { StageCode } from '../fingerprint/stage-code.ts';
import type { Execution, Pipeline, Resources } from '../pipeline/pipeline.ts';
import type { LoadedKind } from '../stage/registry.ts';
import type { AnyStageKind, ComputeClass, ExternalInputs } from '../stage/stage-kind.ts';
import type { JobRecord } from '../store/record.ts';
import type { Store } from '../store/store.ts';
import type { JsonObject } from '../util/json.ts';
import { createRandom } from '../util/random.ts';
import { ok, type Result } from '../util/result.ts';

/** What is needed to know which jobs there are and which are done. */
export interface PlanScope {
  readonly pipeline: Pipeline;
  readonly store: Store;
  readonly signal: AbortSignal;
  /** The record of a fingerprint, if it is done. */
  readonly find: (fingerprint: string) => JobRecord | undefined;
  /** The compute class of a job with this many threads. */
  readonly compute: (threads: number) => ComputeClass;
  readonly code: (loaded: LoadedKind) => Result<StageCode>;
  /** Nothing may be fetched from elsewhere to know it. */
  readonly offline: boolean;
  /** Folder for what kinds may keep between runs and throw away at any time. */
  readonly cacheFolder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A line for people about a stage. */
  readonly note: (stage: string, text: string) => void;
}

/** One artifact that goes into a job. Where it came from is set where the kind is told it: in slots that take many. */
export interface JobInput {
  readonly from: string;
  readonly stage: string;
  readonly matrix: Readonly<Record<string, string>>;
  readonly digest: string;
}

/** A job before it is known whether it must run. */
export interface Job {
  readonly id: string;
  readonly stage: string;
  readonly loaded: LoadedKind;
  /** The kind's own, or that of its fan-out's parts. */
  readonly kind: AnyStageKind;
  readonly isPart: boolean;
  readonly params: JsonObject;
  readonly inputs: Readonly<Record<string, readonly JobInput[]>>;
  readonly external: ExternalInputs;
  readonly externalDigests: Readonly<Record<string, string>>;
  readonly seedParts: readonly (string | number)[];
  /** What this job has in common with others that take the same time and memory; undefined: its params. */
  readonly likeness?: object;
  /** Parts of a later round wait for those of an earlier one. */
  readonly round: number;
  readonly resources: Resources;
  readonly execution: Execution;
}

/** The job's seed: made of the pipeline's, its kind and what the fan-out adds; never of its place in the pipeline. */
export function seedOf(pipeline: Pipeline, job: Job): number {
  return job.kind.seeded === true ? createRandom(pipeline.seed, job.kind.kind, ...job.seedParts).uint32() : 0;
}

/** A job with its fingerprint, and its record where it is done already. */
export interface LookedUpJob {
  readonly job: Job;
  readonly code: StageCode;
  readonly tree: FingerprintTree;
  readonly fingerprint: string;
  /** Names what it shares with jobs that only go on longer or shorter; undefined where it shares nothing. */
  readonly lineage?: string;
  /** `evicted` where only what it made is known, not the artifacts themselves. */
  readonly record: JobRecord | undefined;
}

/** Takes the job's fingerprint and looks whether it was done before. */
export function lookUp(scope: PlanScope, job: Job): Result<LookedUpJob> {
  const code = scope.code(job.loaded);
  if (!code.ok) return code;
  const inputs = Object.fromEntries(
    Object.entries(job.inputs).map(([slot, list]) => [
      slot,
      list.map(({ from, matrix, digest }) => ({ from, matrix, digest })),
    ]),
  );
  const tree: FingerprintTree = {
    format: formatVersion,
    kind: job.kind.kind,
    version: job.kind.version,
    code: code.value.digest,
    params: job.params,
    inputs,
    external: { files: job.externalDigests, identity: job.external.identity },
    env: scope.pipeline.env,
    seed: seedOf(scope.pipeline, job),
    outputs: Object.fromEntries(Object.entries(job.kind.outputs).map(([slot, { type }]) => [slot, type])),
    ...(job.kind.computes === true ? { compute: scope.compute(job.resources.cpus) } : {}),
  };
  const fingerprint = fingerprintOf(tree);
  const lineage = lineageOf(job, tree);
  const record = scope.find(fingerprint);
  return ok({ job, code: code.value, tree, fingerprint, ...(lineage === undefined ? {} : { lineage }), record });
}

/** The fingerprint of all that jobs of one lineage have in common; what a job goes on from is part of how long it goes on. */
function lineageOf({ kind, params }: Job, tree: FingerprintTree): string | undefined {
  const common = kind.goesOn?.(params as never);
  if (common === undefined) return undefined;
  const inputs = Object.entries(tree.inputs).filter(([slot]) => kind.inputs[slot]?.type !== 'checkpoint');
  return fingerprintOf({ ...tree, params: { lineage: common }, inputs: Object.fromEntries(inputs) });
}
