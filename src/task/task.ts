import type { JobOrder } from '../execute/messages.ts';
import type { FingerprintTree } from '../fingerprint/fingerprint.ts';
import { isOwnModule } from '../fingerprint/stage-code.ts';
import { type LookedUpJob, type PlanScope, seedOf } from '../plan/job.ts';
import { secondsOf } from '../store/record.ts';
import type { Store } from '../store/store.ts';
import type { JsonObject } from '../util/json.ts';
import type { JobPart } from './part.ts';

/**
 * A job that is to be run, as plain data: all that an attempt and the publication of its result need, in this process or
 * on another machine. Artifacts stand in it by digest, so that each machine finds them in the store as it sees it.
 */
export interface Task {
  /** What the job is called in its run. */
  readonly id: string;
  readonly stage: string;
  readonly fingerprint: string;
  readonly tree: FingerprintTree;
  /** Names the checkpoint that it shares with jobs that only go on longer or shorter. */
  readonly lineage?: string;
  readonly inputs: Readonly<
    Record<string, readonly { readonly stage: string; readonly matrix: JobOrder['env']; readonly digest: string }[]>
  >;
  readonly parts: readonly TaskPart[];
  /** What the kind is told as it is. */
  readonly told: Omit<JobOrder, 'inputs' | 'parts' | 'folder' | 'checkpoint' | 'sharedCheckpoint' | 'exclusive'>;
  /** Of the files outside the store, by name. */
  readonly externalDigests: Readonly<Record<string, string>>;
  /** Threads inside one TensorFlow operation, by what was asked: their number is part of the fingerprint. */
  readonly threads: number;
  /** It trains or predicts: TensorFlow must be there. */
  readonly computes: boolean;
  /** Jobs of one class are best run by one worker. */
  readonly likeness: string;
  readonly isolate: 'worker' | 'process';
  /** Seconds after which it is stopped. */
  readonly timeout?: number;
  /** Outputs that hold wall times: no two runs write the same. */
  readonly measured: readonly string[];
  /** Run whatever is cached. */
  readonly forced: boolean;
}

/** A finished job that this one collects. */
interface TaskPart {
  readonly name: string;
  readonly params: JsonObject;
  readonly fingerprint: string;
  readonly seconds: number;
  readonly artifacts: Readonly<Record<string, string>>;
}

/** Describes a job that was looked up and is to be run. */
export function taskOf(
  scope: Pick<PlanScope, 'pipeline' | 'compute'> & { readonly isForced: (stage: string) => boolean },
  { job, fingerprint, tree, code, lineage }: LookedUpJob,
  parts: readonly JobPart[],
): Task {
  const { kind, loaded, resources, execution } = job;
  const compute = scope.compute(resources.cpus);
  const computes = kind.computes === true;
  return {
    id: job.id,
    stage: job.stage,
    fingerprint,
    tree,
    ...(lineage === undefined ? {} : { lineage }),
    inputs: Object.fromEntries(
      Object.entries(job.inputs).map(([slot, list]) => [
        slot,
        list.map(({ stage, matrix, digest }) => ({ stage, matrix, digest })),
      ]),
    ),
    parts: parts.map(({ name, params, record }) => ({
      name,
      params,
      fingerprint: record.fingerprint,
      seconds: secondsOf(record),
      artifacts: Object.fromEntries(Object.entries(record.outputs).map(([slot, output]) => [slot, output.digest])),
    })),
    told: {
      id: job.id,
      module: loaded.module,
      kind: loaded.kind.kind,
      code: isOwnModule(loaded.module) ? {} : code.closure.files,
      part: job.isPart,
      params: job.params,
      root: scope.pipeline.root,
      env: scope.pipeline.env,
      seed: seedOf(scope.pipeline, job),
      compute,
      files: job.external.files,
      identity: job.external.identity,
    },
    externalDigests: job.externalDigests,
    threads: computes ? compute.threads : resources.cpus,
    computes,
    likeness: JSON.stringify([kind.kind, job.likeness ?? job.params]),
    isolate: execution.isolate,
    ...(execution.timeout === undefined ? {} : { timeout: execution.timeout }),
    measured: Object.entries(kind.outputs).flatMap(([slot, output]) => (output.measured === true ? [slot] : [])),
    forced: scope.isForced(job.stage),
  };
}

/** The digests of all artifacts that a task reads. */
export function digestsOf({ inputs, parts }: Task): string[] {
  const digests = [
    ...Object.values(inputs).flatMap((list) => list.map(({ digest }) => digest)),
    ...parts.flatMap(({ artifacts }) => Object.values(artifacts)),
  ];
  return [...new Set(digests)];
}

/** The task as a worker process of this machine is given it. `folder`: an empty one for its outputs. */
export function orderOf({ layout }: Store, task: Task, folder: string, exclusive: boolean): JobOrder {
  return {
    ...task.told,
    inputs: Object.fromEntries(
      Object.entries(task.inputs).map(([slot, list]) => [
        slot,
        list.map(({ stage, matrix, digest }) => ({ stage, matrix, path: layout.blob(digest) })),
      ]),
    ),
    parts: task.parts.map(({ name, params, artifacts }) => ({
      name,
      params,
      artifacts: Object.fromEntries(Object.entries(artifacts).map(([slot, digest]) => [slot, layout.blob(digest)])),
    })),
    folder,
    checkpoint: layout.checkpoint(task.fingerprint),
    ...(task.lineage === undefined ? {} : { sharedCheckpoint: layout.checkpoint(task.lineage) }),
    exclusive,
  };
}
