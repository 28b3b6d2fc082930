import { appendFileSync } from 'node:fs';
import type { JobListener, JobResult, Placement } from '../execute/worker-pool.ts';
import type { GpuMeasurement, GpuMemoryMeter } from '../machine/gpu-memory.ts';
import type { Allocation } from '../schedule/demand.ts';
import type { Progress } from '../stage/stage-kind.ts';
import { err, type Result } from '../util/result.ts';
import { changedInputs } from './changed-inputs.ts';
import type { TaskScope } from './scope.ts';
import { orderOf, type Task } from './task.ts';

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

export interface AttemptSetting {
  readonly allocation: Allocation;
  /** From 1. */
  readonly number: number;
  /** Seconds that the job waited for room. */
  readonly waited: number;
  readonly expected: number | undefined;
  /** Nothing like it was measured on a GPU yet: it has a fresh process, so that it can be. */
  readonly unmeasuredOnGpu: boolean;
  readonly gpuMeter: GpuMemoryMeter;
  /** What workers on a GPU need in their environment. */
  readonly gpuEnvironment: Readonly<Record<string, string>>;
  /** Aborted: nobody wants the job any more. */
  readonly signal?: AbortSignal;
}

/** Runs the task once, on a worker that has what was allocated. */
export async function attemptTask(scope: TaskScope, task: Task, setting: AttemptSetting): Promise<Attempt> {
  const { allocation, gpuMeter } = setting;
  const folder = scope.store.workFolder();
  if (!folder.ok) return { ran: folder, worker: 0, told: {}, gpuMemory: undefined, tidy: () => {} };
  const order = orderOf(scope.store, task, folder.value, allocation.exclusive);
  const told: { score?: number; finding?: string } = {};
  let worker = 0;
  let measurement: GpuMeasurement | undefined;
  const log = logger(scope, task, setting.number);
  const listener: JobListener = {
    onStart: (started) => {
      worker = started.number;
      if (allocation.gpu !== undefined && started.pid !== undefined)
        measurement = gpuMeter.start(allocation.gpu.id, started.pid, allocation.wholeGpu);
      emitStart(scope, task, setting, worker);
    },
    onLog: log,
    onProgress: (progress: Progress) => {
      if (progress.score !== undefined) told.score = progress.score;
      if (progress.finding !== undefined) told.finding = progress.finding;
      scope.emit({ type: 'job-progress', stage: task.stage, job: task.id, progress });
    },
  };
  const ran = await scope.workers.run(order, placementOf(task, setting), listener);
  const gpuMemory = await measurement?.stop();
  const changed = ran.ok ? await changedInputs(scope.store, task) : undefined;
  return {
    ran: changed === undefined ? ran : err(changed),
    worker,
    told,
    gpuMemory,
    tidy: () => scope.tidy(folder.value),
  };
}

function emitStart(scope: TaskScope, task: Task, setting: AttemptSetting, worker: number): void {
  const { allocation, number, waited, expected } = setting;
  const { cpus, gpu, exclusive } = allocation;
  scope.emit({
    type: 'job-started',
    stage: task.stage,
    job: task.id,
    fingerprint: task.fingerprint,
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
function logger(scope: TaskScope, { id, stage, fingerprint }: Task, number: number): JobListener['onLog'] {
  const file = scope.logFile(id, fingerprint);
  if (number > 1) appendFileSync(file, `--- attempt ${number}\n`);
  return (lines) => {
    appendFileSync(file, `${lines.join('\n')}\n`);
    scope.emit({ type: 'job-log', stage, job: id, lines });
  };
}

function placementOf(task: Task, { allocation, unmeasuredOnGpu, gpuEnvironment, signal }: AttemptSetting): Placement {
  const { gpu, share } = allocation;
  const fresh = task.isolate === 'process' ? 'only' : gpu !== undefined && unmeasuredOnGpu ? 'yes' : 'no';
  return {
    threads: task.threads,
    ...(gpu === undefined ? {} : { gpu: gpu.id, env: gpuEnvironment }),
    share,
    likeness: task.likeness,
    fresh,
    ...(task.timeout === undefined ? {} : { timeout: task.timeout }),
    ...(signal === undefined ? {} : { signal }),
  };
}
