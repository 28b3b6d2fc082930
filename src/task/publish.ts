import type { Measurement } from '../plan/measured.ts';
import type { Allocation } from '../schedule/demand.ts';
import type { JobRecord, StoredOutput } from '../store/record.ts';
import { ok, type Result } from '../util/result.ts';
import type { Attempt } from './attempt.ts';
import type { TaskScope } from './scope.ts';
import type { Task } from './task.ts';

/**
 * Publishes what an attempt made, then its record, and tells that the job is done. Where somebody else has published a
 * record of the same job meanwhile (a process that was taken for dead and was not), that one stays, and is given back.
 */
export async function publishTask(
  scope: TaskScope,
  task: Task,
  { ran, worker, told, gpuMemory }: Attempt,
  allocation: Allocation,
): Promise<Result<JobRecord>> {
  if (!ran.ok) return ran;
  const { fingerprint } = task;
  const { outputs, seconds, memory } = ran.value;
  const published = publishOutputs(scope, outputs);
  if (!published.ok) return published;
  tellIfOther(scope, task, published.value);
  const measured: Measurement = { seconds, memory: memory.peak, ...(gpuMemory === undefined ? {} : { gpuMemory }) };
  const record: JobRecord = {
    format: 2,
    fingerprint,
    tree: task.tree,
    job: task.id,
    outputs: published.value,
    ...measured,
    ...(task.parts.length > 0 ? { parts: collected(task.parts) } : {}),
    exclusive: allocation.exclusive,
    ...told,
    finished: new Date().toISOString(),
    run: scope.run,
    host: scope.host,
    log: scope.logFile(task.id, fingerprint),
  };
  const kept = publishRecord(scope, task, record);
  if (!kept.ok) return kept;
  scope.emit({
    type: 'job-finished',
    stage: task.stage,
    job: task.id,
    fingerprint,
    cached: false,
    worker,
    ...measured,
    ...told,
  });
  return kept;
}

function collected(parts: Task['parts']): Required<JobRecord>['parts'] {
  return {
    seconds: parts.reduce((sum, part) => sum + part.seconds, 0),
    of: Object.fromEntries(parts.map(({ name, fingerprint }) => [name, fingerprint])),
  };
}

/** The record comes last: what it names is there. */
function publishRecord(scope: TaskScope, task: Task, record: JobRecord): Result<JobRecord> {
  const code = scope.publishCode(task);
  if (!code.ok) return code;
  const kept = task.forced ? scope.store.publishRecord(record) : scope.store.publishFirstRecord(record);
  if (kept.ok) scope.store.removeCheckpoint(task.fingerprint);
  return kept;
}

/** A job that was done before and now made other bytes hides something that its fingerprint does not know. */
function tellIfOther(scope: TaskScope, task: Task, outputs: JobRecord['outputs']): void {
  const before = scope.store.readRecord(task.fingerprint)?.outputs;
  if (before === undefined) return;
  const others = Object.entries(outputs).filter(
    ([slot, { digest }]) => !task.measured.includes(slot) && before[slot]?.digest !== digest,
  );
  if (others.length === 0) return;
  const names = others.map(([slot]) => slot).join(', ');
  scope.emit({
    type: 'notice',
    level: 'warning',
    text: `${task.id} made other bytes than before (${names}): it depends on something that it does not declare`,
    stage: task.stage,
  });
}

function publishOutputs(
  scope: TaskScope,
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
