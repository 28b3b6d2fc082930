import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Emit } from '../events/event.ts';
import type { SlurmSettings } from '../pipeline/executor.ts';
import type { Remote } from '../remote/remote.ts';
import { replaceFile } from '../store/durable.ts';
import type { Store } from '../store/store.ts';
import { ulidTime } from '../util/ulid.ts';
import { createCourier } from './courier.ts';
import { type Followed, followPilots } from './follow-pilots.ts';
import { type ClusterLayout, clusterLayout, namesIn } from './layout.ts';
import { listBatches, type QueuedTask, removeBatch, writeBatch } from './queued-task.ts';
import type { Slurm } from './slurm.ts';
import { classOf, type PilotSpec } from './spec.ts';
import { createSupply, type Supply } from './supply.ts';
import { tidyCluster } from './tidy-cluster.ts';

export interface HeadSettings {
  readonly settings: SlurmSettings;
  readonly slurm: Slurm;
  /** Where artifacts and results go by, where nodes share no file system with this machine. */
  readonly remote?: Remote;
  /** The command line of a pilot of a class. */
  readonly command: (className: string, submit: string) => readonly string[];
}

/** Pilots of one class, and the queue of tasks that this run has for them. */
export interface ClassState {
  readonly name: string;
  readonly spec: PilotSpec;
  readonly layout: ClusterLayout;
  readonly followed: Followed;
  readonly supply: Supply;
  /** Puts a task into the queue with the next `flush`. */
  add(task: QueuedTask): void;
  /** Writes the tasks that became ready together as one batch. */
  flush(): void;
  /** Tells pilots that the run wants nothing more; with a reason, also that those that run be stopped. */
  endRun(reason: '' | 'cancelled'): void;
  /** Whether tasks were written since it was asked last. */
  isFresh(): boolean;
  /** Notes that a task needs nobody any more. */
  settled(name: string): void;
  /** Tells pilots of all that was noted so: each would find it out by itself, with a question to the file system for each task. */
  tellSettled(): void;
  /** Tells pilots that nobody wants a task any more, also where it runs. */
  endTask(name: string): void;
  /** Takes back what this run has put into the queue, and pilots that have not begun where nobody else wants them. */
  release(): Promise<void>;
}

/** Makes the folders of a class, and follows its pilots. */
export function openClass(
  store: Store,
  run: string,
  spec: PilotSpec,
  { settings, slurm, remote, command }: HeadSettings,
  emit: Emit,
  wake: () => void,
): ClassState {
  const name = classOf(spec);
  const layout = clusterLayout(store.layout.root, name);
  for (const folder of [layout.tasks, layout.settled, layout.outcomes, layout.ended, layout.pilots, layout.submits])
    mkdirSync(folder, { recursive: true });
  tidyCluster(layout, store.leases, Date.now());
  replaceFile(layout.spec, JSON.stringify(spec), store.leases.temporaryName('file'));
  const common = {
    layout,
    spec,
    run,
    most: settings.pilots,
    slurm,
    command: (submit: string) => command(name, submit),
    note: (level: 'note' | 'warning', text: string) => emit({ type: 'notice', level, text }),
  };
  const address = settings.remote ?? '';
  const courier = remote === undefined ? undefined : createCourier({ ...common, store, remote, address });
  const supply = courier ?? createSupply(common);
  const isLiving = (pilot: string): boolean => courier?.speaksFor(pilot) === true || store.leases.isLiving(pilot);
  const followed = followPilots(layout, { isLiving }, ulidTime(run), wake);
  let isCancelled = false;
  const fresh: QueuedTask[] = [];
  const batches: string[] = [];
  const done: string[] = [];
  let isFresh = false;
  return {
    name,
    spec,
    layout,
    followed,
    supply,
    add: (task) => void fresh.push(task),
    flush: () => {
      const tasks = fresh.splice(0);
      if (tasks.length === 0) return;
      isFresh = true;
      if (courier !== undefined) {
        courier.send(tasks);
        return;
      }
      const batch = `${run}.${String(batches.length + 1).padStart(6, '0')}`;
      batches.push(`${batch}.jsonl`);
      writeBatch(layout, batch, tasks, store.leases.temporaryName('file'));
    },
    endRun: (reason) => {
      isCancelled ||= reason === 'cancelled';
      writeFileSync(layout.endedRun(run), reason);
    },
    isFresh: () => {
      const was = isFresh;
      isFresh = false;
      return was;
    },
    settled: (task) => void done.push(task),
    tellSettled: () => {
      if (done.length > 0) appendFileSync(layout.settledOf(run), `${done.splice(0).join('\n')}\n`);
    },
    endTask: (task) => writeFileSync(layout.endedRun(task), 'cancelled'),
    release: async () => {
      for (const batch of batches) removeBatch(layout, batch);
      rmSync(layout.settledOf(run), { force: true });
      for (const name of namesIn(layout.outcomes))
        if (name.startsWith(`${run}.`)) rmSync(join(layout.outcomes, name), { force: true });
      followed.close();
      if (listBatches(layout).length === 0) await supply.release(isCancelled && courier !== undefined);
    },
  };
}
