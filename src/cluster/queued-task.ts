import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Order } from '../schedule/admission.ts';
import type { Demand } from '../schedule/demand.ts';
import { replaceFile } from '../store/durable.ts';
import { isDigest } from '../store/layout.ts';
import type { Task } from '../task/task.ts';
import { type ClusterLayout, namesIn } from './layout.ts';

/** A task that a run has put into the queue of a class, for whichever pilot takes it. */
export interface QueuedTask {
  /** Its own name, another one for each attempt: the run, and a number of the run. */
  readonly name: string;
  readonly run: string;
  /** From 1. */
  readonly attempt: number;
  readonly task: Task;
  readonly demand: Demand;
  readonly order: Order;
  /** Seconds that it takes by past timings. */
  readonly expected?: number;
  /** Nothing like it was measured on a GPU yet. */
  readonly unmeasuredOnGpu: boolean;
  /** File that its output goes to. */
  readonly log: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Writes tasks that became ready together as one file: a folder of thousands of files is what shared file systems are worst at. */
export function writeBatch(
  layout: ClusterLayout,
  name: string,
  tasks: readonly QueuedTask[],
  temporary: string,
): string {
  const file = join(layout.tasks, `${name}.jsonl`);
  replaceFile(file, tasks.map((task) => `${JSON.stringify(task)}\n`).join(''), temporary);
  return file;
}

/** Names of the batches that are in the queue, in the order in which they were written. */
export function listBatches(layout: ClusterLayout): string[] {
  return namesIn(layout.tasks).filter((name) => name.endsWith('.jsonl'));
}

/** The tasks of a batch; none where somebody has removed it, because all are done. Lines that are no task are left out. */
export function readBatch(layout: ClusterLayout, name: string): QueuedTask[] {
  let text: string;
  try {
    text = readFileSync(join(layout.tasks, name), 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line) => parseTask(line) ?? []);
}

export function removeBatch(layout: ClusterLayout, name: string): void {
  rmSync(join(layout.tasks, name), { force: true });
}

function parseTask(line: string): QueuedTask | undefined {
  try {
    const queued = JSON.parse(line) as Partial<QueuedTask>;
    const sound =
      typeof queued.name === 'string' &&
      typeof queued.run === 'string' &&
      isDigest(String(queued.task?.fingerprint)) &&
      typeof queued.demand?.cpus === 'number';
    return sound ? (queued as QueuedTask) : undefined;
  } catch {
    return undefined;
  }
}
