import type { LookedUpJob } from '../plan/job.ts';
import type { Allocation } from '../schedule/demand.ts';
import type { JobRecord, StoredOutput } from '../store/record.ts';
import { ok, type Result } from '../util/result.ts';
import type { Attempt } from './attempt.ts';
import type { RunScope } from './context.ts';
import type { JobPart } from './job.ts';

/** Publishes what an attempt made, then its record, and tells that the job is done. */
export async function publishJob(
  scope: RunScope,
  looked: LookedUpJob,
  parts: readonly JobPart[],
  { ran, worker, told, gpuMemory }: Attempt,
  allocation: Allocation,
): Promise<Result<JobRecord>> {
  if (!ran.ok) return ran;
  const { job, fingerprint } = looked;
  const { outputs, seconds, memory } = ran.value;
  const published = publishOutputs(scope, outputs);
  if (!published.ok) return published;
  tellIfOther(scope, looked, published.value);
  const measured = { seconds, memory: memory.peak, ...(gpuMemory === undefined ? {} : { gpuMemory }) };
  const record: JobRecord = {
    format: 2,
    fingerprint,
    tree: looked.tree,
    job: job.id,
    outputs: published.value,
    ...measured,
    ...(parts.length > 0 ? { parts: collected(parts) } : {}),
    exclusive: allocation.exclusive,
    ...told,
    finished: new Date().toISOString(),
    run: scope.run,
    host: scope.host,
    log: scope.logFile(job.id, fingerprint),
  };
  const kept = publishRecord(scope, looked, record);
  if (!kept.ok) return kept;
  scope.measurements.note(job, measured);
  scope.emit({
    type: 'job-finished',
    stage: job.stage,
    job: job.id,
    fingerprint,
    cached: false,
    worker,
    ...measured,
    ...told,
  });
  return ok(record);
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
