import { appendFileSync } from 'node:fs';
import { cpus, hostname } from 'node:os';
import { type Failure, failure } from '../errors/failure.ts';
import type { JobOrder } from '../execute/messages.ts';
import { type FingerprintTree, fingerprintOf, formatVersion } from '../fingerprint/fingerprint.ts';
import type { Resources } from '../pipeline/pipeline.ts';
import type { Allocation } from '../schedule/scheduler.ts';
import type { LoadedKind } from '../stage/registry.ts';
import type { AnyStageKind, ExternalInputs, Progress } from '../stage/stage-kind.ts';
import type { JobRecord, StoredOutput } from '../store/record.ts';
import type { JsonObject } from '../util/json.ts';
import { createRandom } from '../util/random.ts';
import { err, ok, type Result } from '../util/result.ts';
import type { RunScope } from './context.ts';

/** One artifact that goes into a job. Where it came from is set where the kind is told it: in slots that take many. */
export interface JobInput {
  readonly from: string;
  readonly stage: string;
  readonly matrix: Readonly<Record<string, string>>;
  readonly digest: string;
}

export interface JobPart {
  readonly name: string;
  readonly params: JsonObject;
  readonly outputs: Readonly<Record<string, StoredOutput>>;
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
  readonly resources: Resources;
}

export const noExternal: ExternalInputs = { files: {}, identity: {}, notice: '' };

/** The job's seed: made of the pipeline's, its kind and what the fan-out adds; never of its place in the pipeline. */
function seedOf(scope: RunScope, job: Job): number {
  return job.kind.seeded === true ? createRandom(scope.pipeline.seed, job.kind.kind, ...job.seedParts).uint32() : 0;
}

/** All that could change the job's result. */
export function fingerprintTree(scope: RunScope, job: Job): Result<FingerprintTree> {
  const code = scope.closure(job.loaded);
  if (!code.ok) return code;
  const inputs = Object.fromEntries(
    Object.entries(job.inputs).map(([slot, list]) => [slot, list.map(({ from, digest }) => ({ from, digest }))]),
  );
  return ok({
    format: formatVersion,
    kind: job.kind.kind,
    version: job.kind.version,
    code: { modules: code.value.modules, packages: code.value.packages },
    params: job.params,
    inputs,
    external: { files: job.externalDigests, identity: job.external.identity },
    env: scope.pipeline.env,
    seed: seedOf(scope, job),
    outputs: Object.fromEntries(Object.entries(job.kind.outputs).map(([slot, { type }]) => [slot, type])),
    ...(job.kind.computes === true ? { compute: scope.compute(job.resources.cpus) } : {}),
  });
}

/** A job with its fingerprint, and its record where it is done already. */
export interface LookedUpJob {
  readonly job: Job;
  readonly tree: FingerprintTree;
  readonly fingerprint: string;
  readonly record: JobRecord | undefined;
}

/** Takes the job's fingerprint and looks whether it was done before. */
export function lookUp(scope: RunScope, job: Job): Result<LookedUpJob> {
  const tree = fingerprintTree(scope, job);
  if (!tree.ok) return tree;
  const fingerprint = fingerprintOf(tree.value);
  return ok({ job, tree: tree.value, fingerprint, record: scope.force ? undefined : scope.store.find(fingerprint) });
}

/** Tells that a job is cached. */
export function emitCached(scope: RunScope, { job, fingerprint, record }: LookedUpJob): void {
  if (record === undefined) return;
  const seconds = record.seconds + (record.parts?.seconds ?? 0);
  const shown = shownOf(record);
  scope.emit({ type: 'job-finished', stage: job.stage, job: job.id, fingerprint, seconds, cached: true, ...shown });
}

/** What an event says of a job's result. */
function shownOf({ score, finding }: Pick<JobRecord, 'score' | 'finding'>) {
  return { ...(score === undefined ? {} : { score }), ...(finding === undefined ? {} : { finding }) };
}

/** Runs a job on a worker when there is room for it, and publishes what it made. */
export async function runJob(
  scope: RunScope,
  looked: LookedUpJob,
  parts: readonly JobPart[],
  partsSeconds: number,
): Promise<Result<JobRecord>> {
  const { job } = looked;
  if (job.kind.computes === true) {
    const ready = await scope.ensureBackend();
    if (!ready.ok) return ready;
  }
  const demand = {
    cpus: job.resources.cpus,
    gpu: job.kind.computes === true ? job.resources.gpu : 0,
    exclusive: job.kind.exclusive === true,
    urgent: job.kind.computes !== true,
  };
  return scope.scheduler.schedule(demand, (allocation) => attempt(scope, looked, parts, partsSeconds, allocation));
}

/** A worker that dies takes the job with it, not the run: the job is tried once more. */
async function attempt(
  scope: RunScope,
  looked: LookedUpJob,
  parts: readonly JobPart[],
  partsSeconds: number,
  allocation: Allocation,
): Promise<Result<JobRecord>> {
  const first = await tryJob(scope, looked, parts, partsSeconds, allocation);
  if (first.ok || first.error.code !== 'worker-died' || scope.signal.aborted) return first;
  const { stage, id } = looked.job;
  scope.emit({ type: 'job-retried', stage, job: id, failure: first.error });
  return tryJob(scope, looked, parts, partsSeconds, allocation);
}

async function tryJob(
  scope: RunScope,
  looked: LookedUpJob,
  parts: readonly JobPart[],
  partsSeconds: number,
  allocation: Allocation,
): Promise<Result<JobRecord>> {
  const { job } = looked;
  const folder = scope.store.workFolder();
  if (!folder.ok) return folder;
  const log = scope.logFile(job.id);
  let told: { score?: number; finding?: string } = {};
  scope.emit({ type: 'job-started', stage: job.stage, job: job.id });
  try {
    const order = orderOf(scope, looked, parts, folder.value, allocation);
    const setting = {
      threads: order.compute.threads,
      ...(allocation.gpu === undefined ? {} : { gpu: allocation.gpu.id }),
    };
    const ran = await scope.workers.run(order, setting, {
      onLog: (line) => appendFileSync(log, `${line}\n`),
      onProgress: (progress: Progress) => {
        told = { ...told, ...shownOf(progress) };
        scope.emit({ type: 'job-progress', stage: job.stage, job: job.id, progress });
      },
    });
    if (!ran.ok) return ran;
    const changed = await changedFiles(scope, job);
    if (changed !== undefined) return err(changed);
    const published = publishOutputs(scope, ran.value.outputs);
    if (!published.ok) return published;
    const record: JobRecord = {
      format: 1,
      fingerprint: looked.fingerprint,
      tree: looked.tree,
      outputs: published.value,
      seconds: ran.value.seconds,
      ...(parts.length > 0 ? { parts: { jobs: parts.length, seconds: partsSeconds } } : {}),
      exclusive: allocation.exclusive,
      ...told,
      finished: new Date().toISOString(),
      host: { name: hostname(), cpu: cpus()[0]?.model ?? 'unknown', node: process.version },
      log,
    };
    const kept = scope.store.publishRecord(record);
    if (!kept.ok) return kept;
    scope.store.removeCheckpoint(looked.fingerprint);
    scope.emit({
      type: 'job-finished',
      stage: job.stage,
      job: job.id,
      fingerprint: looked.fingerprint,
      seconds: record.seconds,
      cached: false,
      ...told,
    });
    return ok(record);
  } finally {
    scope.store.remove(folder.value);
  }
}

function orderOf(
  scope: RunScope,
  { job, fingerprint }: LookedUpJob,
  parts: readonly JobPart[],
  folder: string,
  allocation: Allocation,
): JobOrder {
  const blob = (digest: string): string => scope.store.layout.blob(digest);
  return {
    id: job.id,
    module: job.loaded.module,
    kind: job.loaded.kind.kind,
    part: job.isPart,
    params: job.params,
    inputs: Object.fromEntries(
      Object.entries(job.inputs).map(([slot, list]) => [
        slot,
        list.map(({ stage, matrix, digest }) => ({ stage, matrix, path: blob(digest) })),
      ]),
    ),
    parts: parts.map(({ name, params, outputs }) => ({
      name,
      params,
      artifacts: Object.fromEntries(Object.entries(outputs).map(([slot, output]) => [slot, blob(output.digest)])),
    })),
    folder,
    checkpoint: scope.store.layout.checkpoint(fingerprint),
    seed: seedOf(scope, job),
    compute: scope.compute(allocation.cpus),
    exclusive: allocation.exclusive,
    files: job.external.files,
    identity: job.external.identity,
  };
}

/** Files outside the store may be edited while a job reads them: then nobody knows what it has read. */
async function changedFiles(scope: RunScope, job: Job): Promise<Failure | undefined> {
  const { files } = job.external;
  if (Object.keys(files).length === 0) return undefined;
  let now: Readonly<Record<string, string>> = {};
  try {
    now = await scope.store.hashes.digestAll(files);
  } catch {
    // A file that is gone counts as changed.
  }
  const changed = Object.keys(files).find((name) => now[name] !== job.externalDigests[name]);
  if (changed === undefined) return undefined;
  return failure('input-changed', `${changed} was changed while the job read it; the result was not kept`, {
    hint: 'run again',
  });
}

function publishOutputs(
  scope: RunScope,
  outputs: Readonly<Record<string, { type: string; digest: string; size: number; rows: number; file: string }>>,
): Result<Record<string, StoredOutput>> {
  const published: Record<string, StoredOutput> = {};
  for (const [slot, { type, digest, size, rows, file }] of Object.entries(outputs)) {
    const done = scope.store.publishBlob(file, digest);
    if (!done.ok) return done;
    published[slot] = { type, digest, size, rows };
  }
  return ok(published);
}
