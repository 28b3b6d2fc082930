import { appendFileSync } from 'node:fs';
import { cpus, hostname } from 'node:os';
import { type Failure, failure } from '../errors/failure.ts';
import type { JobOrder } from '../execute/messages.ts';
import { isOwnModule } from '../fingerprint/stage-code.ts';
import { type LookedUpJob, seedOf } from '../plan/job.ts';
import type { Allocation } from '../schedule/scheduler.ts';
import type { Progress } from '../stage/stage-kind.ts';
import type { Owner } from '../store/leases.ts';
import { type JobRecord, type StoredOutput, secondsOf } from '../store/record.ts';
import type { JsonObject } from '../util/json.ts';
import { err, ok, type Result } from '../util/result.ts';
import { changedInputs } from './changed-inputs.ts';
import type { RunScope } from './context.ts';

/** A finished job of a fan-out, as the stage's own job collects it. */
export interface JobPart {
  readonly name: string;
  readonly params: JsonObject;
  readonly record: JobRecord;
}

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

/**
 * Runs a job on a worker when there is room for it, and publishes what it made. A job that another run on the same
 * store is doing is not done twice: this run waits for it, without taking room, and shares its result.
 */
export async function runJob(
  scope: RunScope,
  looked: LookedUpJob,
  parts: readonly JobPart[],
): Promise<Result<JobRecord>> {
  const { job, fingerprint } = looked;
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
  for (;;) {
    const outcome = await scope.scheduler.schedule(demand, (allocation) => leased(scope, looked, parts, allocation));
    if ('ok' in outcome) return outcome;
    tellOfOther(scope, outcome);
    await scope.store.leases.waitFor(fingerprint, scope.signal);
  }
}

/** Runs the job under its lease; gives the one back who has the lease, where that is somebody else. */
async function leased(
  scope: RunScope,
  looked: LookedUpJob,
  parts: readonly JobPart[],
  allocation: Allocation,
): Promise<Result<JobRecord> | Owner> {
  const lease = scope.store.leases.take(looked.fingerprint);
  if (!('release' in lease)) return lease;
  try {
    // Made by somebody else since this run looked for it: after the lease is taken, nobody else can be at it.
    const made = scope.isForced(looked.job.stage) ? undefined : scope.find(looked.fingerprint);
    if (made !== undefined && made.evicted !== true) {
      emitCached(scope, looked, made);
      return ok(made);
    }
    return await attempt(scope, looked, parts, allocation);
  } finally {
    lease.release();
  }
}

function tellOfOther(scope: RunScope, { run, pid, host }: Owner): void {
  if (run === scope.run || scope.toldOfRuns.has(run)) return;
  scope.toldOfRuns.add(run);
  const where = host === hostname() ? '' : ` on ${host}`;
  const text = `another run (process ${pid}${where}) is at some of the jobs: its results are shared, nothing is done twice`;
  scope.emit({ type: 'notice', level: 'note', text });
}

/** A worker that dies takes the job with it, not the run: the job is tried once more. */
async function attempt(
  scope: RunScope,
  looked: LookedUpJob,
  parts: readonly JobPart[],
  allocation: Allocation,
): Promise<Result<JobRecord>> {
  const first = await tryJob(scope, looked, parts, allocation);
  if (first.ok || first.error.code !== 'worker-died' || scope.signal.aborted) return first;
  const { stage, id } = looked.job;
  scope.emit({ type: 'job-retried', stage, job: id, failure: first.error, reason: 'died', attempt: 2, wait: 0 });
  return tryJob(scope, looked, parts, allocation);
}

async function tryJob(
  scope: RunScope,
  looked: LookedUpJob,
  parts: readonly JobPart[],
  allocation: Allocation,
): Promise<Result<JobRecord>> {
  const { job } = looked;
  const folder = scope.store.workFolder();
  if (!folder.ok) return folder;
  const log = scope.logFile(job.id);
  let told: { score?: number; finding?: string } = {};
  scope.emit({
    type: 'job-started',
    stage: job.stage,
    job: job.id,
    fingerprint: looked.fingerprint,
    attempt: 1,
    worker: 0,
    waited: 0,
    cpus: allocation.cpus,
    ...(allocation.gpu === undefined ? {} : { gpu: allocation.gpu.id }),
    exclusive: allocation.exclusive,
  });
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
    const changed = await changedInputs(scope, job);
    if (changed !== undefined) return err(changed);
    const published = publishOutputs(scope, ran.value.outputs);
    if (!published.ok) return published;
    tellIfOther(scope, looked, published.value);
    const record: JobRecord = {
      format: 2,
      fingerprint: looked.fingerprint,
      tree: looked.tree,
      job: job.id,
      outputs: published.value,
      seconds: ran.value.seconds,
      ...(parts.length > 0 ? { parts: collected(parts) } : {}),
      exclusive: allocation.exclusive,
      ...told,
      finished: new Date().toISOString(),
      run: scope.run,
      host: { name: hostname(), cpu: cpus()[0]?.model ?? 'unknown', node: process.version },
      log,
    };
    const kept = publishRecord(scope, looked, record);
    if (!kept.ok) return kept;
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
    scope.tidy(folder.value);
  }
}

function collected(parts: readonly JobPart[]): Required<JobRecord>['parts'] {
  return {
    seconds: parts.reduce((sum, part) => sum + part.record.seconds, 0),
    of: Object.fromEntries(parts.map(({ name, record }) => [name, record.fingerprint])),
  };
}

/** The record comes last: what it names is there. */
function publishRecord(scope: RunScope, looked: LookedUpJob, record: JobRecord): Result<void> {
  const code = scope.store.publishClosure(looked.code.text, looked.code.digest);
  if (!code.ok) return code;
  const kept = scope.store.publishRecord(record);
  if (kept.ok) scope.store.removeCheckpoint(looked.fingerprint);
  return kept;
}

function orderOf(
  scope: RunScope,
  { job, fingerprint, code }: LookedUpJob,
  parts: readonly JobPart[],
  folder: string,
  allocation: Allocation,
): JobOrder {
  const blob = (digest: string): string => scope.store.layout.blob(digest);
  return {
    id: job.id,
    module: job.loaded.module,
    kind: job.loaded.kind.kind,
    code: isOwnModule(job.loaded.module) ? {} : code.closure.files,
    part: job.isPart,
    params: job.params,
    inputs: Object.fromEntries(
      Object.entries(job.inputs).map(([slot, list]) => [
        slot,
        list.map(({ stage, matrix, digest }) => ({ stage, matrix, path: blob(digest) })),
      ]),
    ),
    parts: parts.map(({ name, params, record }) => ({
      name,
      params,
      artifacts: Object.fromEntries(
        Object.entries(record.outputs).map(([slot, output]) => [slot, blob(output.digest)]),
      ),
    })),
    root: scope.pipeline.root,
    env: scope.pipeline.env,
    folder,
    checkpoint: scope.store.layout.checkpoint(fingerprint),
    seed: seedOf(scope.pipeline, job),
    compute: scope.compute(allocation.cpus),
    exclusive: allocation.exclusive,
    files: job.external.files,
    identity: job.external.identity,
  };
}

/** A job that was done before and now made other bytes hides something that its fingerprint does not know. */
function tellIfOther(scope: RunScope, { job, fingerprint }: LookedUpJob, outputs: JobRecord['outputs']): void {
  const before = scope.store.readRecord(fingerprint)?.outputs;
  if (before === undefined) return;
  const others = Object.entries(outputs).filter(
    ([slot, { digest }]) => job.kind.outputs[slot]?.measured !== true && before[slot]?.digest !== digest,
  );
  if (others.length === 0) return;
  const names = others.map(([slot]) => slot).join(', ');
  scope.emit({
    type: 'notice',
    level: 'warning',
    text: `${job.id} made other bytes than before (${names}): it depends on something that it does not declare`,
    stage: job.stage,
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

/** The failure of a stage whose jobs failed: the first one's, with how many there were. */
export function failedParts(records: readonly Result<JobRecord>[], first: Failure): Failure {
  const failed = records.filter((record) => !record.ok).length;
  return failed === 1
    ? first
    : failure(first.code, `${failed} of ${records.length} jobs failed; the first: ${first.message}`, {
        hint: first.hint,
      });
}
