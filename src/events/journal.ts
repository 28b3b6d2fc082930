import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from './event.ts';

/** Writes events as JSON lines, each line with one write, so that a kill leaves whole lines. */
export interface Journal {
  write(event: RunEvent): void;
  close(): void;
}

/** Files of a run's folder: what stays, and what only those read who watch the run while it goes on. */
export const journalFile = 'journal.jsonl';
export const liveFile = 'live.jsonl';

/** Milliseconds: one look at the machine for the journal, and one piece of progress of a job for those who watch. */
const machineEvery = 10_000;
const progressEvery = 1000;
/** Milliseconds: ends of epochs make the learning curve, so more of them are kept. */
const epochEvery = 150;

/**
 * Opens the journal in a run's folder for appending. Progress is many lines that nobody needs afterwards: it goes into a file that
 * is removed when the run ends. What jobs print goes into their logs only.
 */
export function openJournal(folder: string): Journal {
  const journal = openSync(join(folder, journalFile), 'a');
  let live: number | undefined;
  let machineAt = Number.NEGATIVE_INFINITY;
  const progressAt = new Map<string, number>();
  const writeLive = (event: RunEvent): void => {
    live ??= openSync(join(folder, liveFile), 'a');
    writeSync(live, `${JSON.stringify(event)}\n`);
  };
  return {
    write: (event) => {
      switch (event.type) {
        case 'job-log':
          return;
        case 'set-up':
          if (event.received !== undefined) return;
          break;
        case 'job-progress': {
          const last = progressAt.get(event.job) ?? Number.NEGATIVE_INFINITY;
          const least = event.progress.epoch === undefined ? progressEvery : epochEvery;
          if (event.at - last < least && event.progress.fraction < 1) return;
          progressAt.set(event.job, event.at);
          writeLive(event);
          return;
        }
        case 'machine':
          writeLive(event);
          if (event.at - machineAt < machineEvery) return;
          machineAt = event.at;
          break;
        default:
          break;
      }
      writeSync(journal, `${JSON.stringify(event)}\n`);
    },
    close: () => {
      closeSync(journal);
      if (live === undefined) return;
      closeSync(live);
      rmSync(join(folder, liveFile), { force: true });
    },
  };
}
