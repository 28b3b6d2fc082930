import { join } from 'node:path';
import type { RunEvent } from '../events/event.ts';
import { journalFile, liveFile } from '../events/journal.ts';
import { followEvents } from '../events/read-journal.ts';
import type { Store } from '../store/store.ts';

/** Milliseconds in which events are gathered before they are sent: as often as a page needs to be drawn, and soon at first. */
const gatherFor = 100;
const gatherFirst = 20;

/**
 * The events of a run in batches: those that are there, then those that come, until the run ends or is found dead, or the
 * signal is aborted. An empty batch says that nothing happened for `quiet` milliseconds.
 */
export async function* runBatches(
  store: Store,
  run: string,
  signal: AbortSignal,
  quiet: number,
): AsyncGenerator<readonly RunEvent[]> {
  const folder = store.layout.run(run);
  const paths = [join(folder, journalFile), join(folder, liveFile)];
  const events = followEvents(paths, () => !store.leases.isLiving(run), signal)[Symbol.asyncIterator]();
  let next = events.next();
  let isFirst = true;
  try {
    for (;;) {
      const first = await within(next, quiet);
      if (first === undefined) {
        yield [];
        continue;
      }
      if (first.done === true) return;
      const batch = [first.value];
      next = events.next();
      // One clock for the whole batch: there may be thousands of events in it.
      const late = delay(isFirst ? gatherFirst : gatherFor);
      isFirst = false;
      for (;;) {
        const more = await Promise.race([next, late.over]);
        if (more === undefined || more.done === true) break;
        batch.push(more.value);
        next = events.next();
      }
      late.stop();
      yield needed(batch);
    }
  } finally {
    await events.return?.(undefined);
  }
}

/** The value of a promise, or undefined where it takes longer. */
async function within<Value>(promise: Promise<Value>, milliseconds: number): Promise<Value | undefined> {
  const late = delay(milliseconds);
  const value = await Promise.race([promise, late.over]);
  late.stop();
  return value;
}

function delay(milliseconds: number): { readonly over: Promise<undefined>; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, milliseconds, undefined);
  });
  return { over, stop: () => clearTimeout(timer) };
}

/** Without what a page does not show: progress of jobs that have ended in the same batch, looks at the machine that stand in both files. */
export function needed(batch: readonly RunEvent[]): RunEvent[] {
  const ended = new Map<string, number>();
  for (const [index, event] of batch.entries())
    if (event.type === 'job-finished' || event.type === 'job-failed') ended.set(event.job, index);
  let lookedAt = Number.NEGATIVE_INFINITY;
  return batch.filter((event, index) => {
    if (event.type === 'job-progress') return (ended.get(event.job) ?? -1) < index;
    if (event.type !== 'machine') return true;
    const isNew = event.at !== lookedAt;
    lookedAt = event.at;
    return isNew;
  });
}
