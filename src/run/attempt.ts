import { appendFileSync } from 'node:fs';
import type { JobOrder } from '../execute/messages.ts';
import type { JobListener, JobResult, Placement } from '../execute/worker-pool.ts';
import { isOwnModule } from '../fingerprint/stage-code.ts';
import type { GpuMeasurement } from '../machine/gpu-memory.ts';
import { type LookedUpJob, seedOf } from '../plan/job.ts';
import type { Allocation } from '../schedule/demand.ts';
import type { Progress } from '../stage/stage-kind.ts';
import { err, type Result } from '../util/result.ts';
import { changedInputs } from './changed-inputs.ts';
import type { RunScope } from './context.ts';
import type { JobPart } from './job.ts';

/** One try of a job on a worker: what it made lies in its folder, not yet published. */
export interface Attempt {
  readonly ran: Result<JobResult>;
  readonly worker: number;
  /** What the job told while it ran. */
  readonly told: { readonly score?: number; readonly finding?: string };
  readonly gpuMemory: number | undefined;
  /** Removes the folder. */
  readonly tidy: () => void;
}

interface AttemptSetting {
  readonly allocation: Allocation;
  /** From 1. */
  readonly number: number;
  /** Seconds that the job waited for room. */
  readonly waited: number;
  readonly expected: number | undefined;
}

/** Runs the job once, on a worker that has what was allocated. */
export async function attemptJob(
  scope: RunScope,
  looked: LookedUpJob,
  parts: readonly JobPart[],
  setting: AttemptSetting,
): Promise<Attempt> {
  const { job } = looked;
  const { allocation } = setting;
  const folder = scope.store.workFolder();
  if (!folder.ok) return { ran: folder, worker: 0, told: {}, gpuMemory: undefined, tidy: () => {} };
  const order = orderOf(scope, looked, parts, folder.value, allocation);
  const placement = await placementOf(scope, looked, order, allocation);
  const told: { score?: number; finding?: string } = {};
  let worker = 0;
  const { gpuMeter } = await scope.prepare();
  let measurement: GpuMeasurement | undefined;
  const log = logger(scope, looked, setting.number);
  const listener: JobListener = {
    onStart: (started) => {
      worker = started.number;
      if (allocation.gpu !== undefined && started.pid !== undefined)
        measurement = gpuMeter.start(allocation.gpu.id, started.pid, allocation.wholeGpu);
      emitStart(scope, looked, setting, worker);
    },
    onLog: log,
    onProgress: (progress: Progress) => {
      if (progress.score !== undefined) told.score = progress.score;
      if (progress.finding !== undefined) told.finding = progress.finding;
      scope.emit({ type: 'job-progress', stage: job.stage, job: job.id, progress });
    },
  };
  const ran = await scope.workers.run(order, placement, listener);
  const gpuMemory = await measurement?.stop();
  const changed = ran.ok ? await changedInputs(scope, job) : undefined;
  return {
    ran: changed === undefined ? ran : err(changed),
    worker,
    told,
    gpuMemory,
    tidy: () => scope.tidy(folder.value),
  };
}

function emitStart(scope: RunScope, looked: LookedUpJob, setting: AttemptSetting, worker: number): void {
  const { job, fingerprint } = looked;
  const { allocation, number, waited, expected } = setting;
  const { cpus, gpu, exclusive } = allocation;
  scope.emit({
    type: 'job-started',
    stage: job.stage,
    job: job.id,
    fingerprint,
    attempt: number,
    worker,
    waited,
    cpus,
    ...(gpu === undefined ? {} : { gpu: gpu.id }),
    exclusive,
    ...(expected === undefined ? {} : { expected }),
  });
}

/** Writes a job's log, and tells of its lines. Later tries write below earlier ones. */
function logger(scope: RunScope, { job, fingerprint }: LookedUpJob, number: number): JobListener['onLog'] {
  const file = scope.logFile(job.id, fingerprint);
  if (number > 1) appendFileSync(file, `--- attempt ${number}\n`);
  return (lines) => {
    appendFileSync(file, `${lines.join('\n')}\n`);
    scope.emit({ type: 'job-log', stage: job.stage, job: job.id, lines });
  };
}

async function placementOf(
  scope: RunScope,
  { job }: LookedUpJob,
  order: JobOrder,
  allocation: Allocation,
): Promise<Placement> {
  const { needs, gpuEnvironment } = await scope.prepare();
  const { gpu, share } = allocation;
  const { isolate, timeout } = job.execution;
  const fresh = isolate === 'process' ? 'only' : gpu !== undefined && needs.isUnmeasuredOnGpu(job) ? 'yes' : 'no';
  return {
    // By what was asked, not by what could be given: the number of threads is part of the fingerprint.
    threads: job.kind.computes === true ? order.compute.threads : job.resources.cpus,
    ...(gpu === undefined ? {} : { gpu: gpu.id, env: gpuEnvironment }),
    share,
    likeness: JSON.stringify([job.kind.kind, job.likeness ?? job.params]),
    fresh,
    ...(timeout === undefined ? {} : { timeout }),
  };
}

function orderOf(
  scope: RunScope,
  { job, fingerprint, code, lineage }: LookedUpJob,
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
    ...(lineage === undefined ? {} : { sharedCheckpoint: scope.store.layout.checkpoint(lineage) }),
    seed: seedOf(scope.pipeline, job),
    compute: scope.compute(job.resources.cpus),
    exclusive: allocation.exclusive,
    files: job.external.files,
    identity: job.external.identity,
  };
}
