import { statSync } from 'node:fs';
import { LineReader } from '../util/line-reader.ts';
import { watchFolder } from '../util/watch-folder.ts';
import { type ClusterLayout, namesIn } from './layout.ts';
import { listBatches, type QueuedTask, readBatch, removeBatch } from './queued-task.ts';

/** The tasks of a class as one pilot sees them. */
export interface PilotQueue {
  /** Looks for new batches; the tasks in them. */
  look(): readonly QueuedTask[];
  /** A task needs nobody any more: it has a result or an outcome. A batch whose tasks all are so is removed. */
  settle(task: QueuedTask): void;
  /** Whether its run has told that a task needs nobody any more; the head may be gone, or be late with it. */
  isSettled(task: QueuedTask): boolean;
  /** Whether the run wants nothing more. */
  isEnded(run: string): boolean;
  /** Whether the run also wants its running jobs stopped; or of a task, whether nobody wants it. */
  isCancelled(name: string): boolean;
  /** Whether runs have asked for something, and none of them wants anything more. */
  isOver(): boolean;
  /** Calls back where the file system tells of news; whoever waits looks again from time to time too. */
  watch(onNews: () => void): { close(): void };
}

interface Batch {
  readonly open: Set<string>;
}

/** Opens the queue of a class. Nothing is read before `look`. `handedInBy`: the run that wanted the pilot. */
export function openPilotQueue(layout: ClusterLayout, handedInBy?: string): PilotQueue {
  const batches = new Map<string, Batch>();
  const batchOf = new Map<string, string>();
  const runs = new Set<string>(handedInBy === undefined ? [] : [handedInBy]);
  const readers = new Map<string, LineReader<string>>();
  const settled = new Set<string>();
  let ended = new Set<string>();
  return {
    look: () => {
      ended = new Set(namesIn(layout.ended));
      for (const run of runs) {
        const reader = readers.get(run) ?? new LineReader(layout.settledOf(run), (line) => line);
        readers.set(run, reader);
        for (const name of reader.read()) settled.add(name);
      }
      const found: QueuedTask[] = [];
      for (const name of listBatches(layout)) {
        if (batches.has(name)) continue;
        const tasks = readBatch(layout, name);
        batches.set(name, { open: new Set(tasks.map((task) => task.name)) });
        for (const task of tasks) {
          batchOf.set(task.name, name);
          runs.add(task.run);
          found.push(task);
        }
      }
      return found;
    },
    settle: (task) => {
      const name = batchOf.get(task.name);
      const batch = name === undefined ? undefined : batches.get(name);
      if (batch === undefined || name === undefined) return;
      batch.open.delete(task.name);
      if (batch.open.size === 0) removeBatch(layout, name);
    },
    isSettled: ({ name }) => settled.has(name),
    isEnded: (run) => ended.has(run),
    isCancelled: (name) => ended.has(name) && isNotEmpty(layout.endedRun(name)),
    watch: (onNews) => {
      const watchers = [layout.tasks, layout.ended].map((folder) => watchFolder(folder, onNews));
      return {
        close: () => {
          for (const watcher of watchers) watcher?.close();
        },
      };
    },
    isOver: () => runs.size > 0 && [...runs].every((run) => ended.has(run)),
  };
}

/** A run that ends by itself shares what runs with others; one that was cancelled says so. */
function isNotEmpty(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;
}
