import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { pilotJournal } from './layout.ts';
import type { UntimedPilotLine } from './pilot-line.ts';

/** What a pilot tells, as lines of a file that only it writes. */
export interface PilotJournal {
  write(line: UntimedPilotLine): void;
  close(): void;
}

/** Milliseconds between two pieces of a job's progress. */
const progressEvery = 1000;

/** Opens a pilot's journal; each line is one write, so that a kill leaves whole lines. */
export function openPilotJournal(folder: string): PilotJournal {
  const file = openSync(join(folder, pilotJournal), 'a');
  const progressAt = new Map<string, number>();
  return {
    write: (line) => {
      const at = Date.now();
      if (line.type === 'task' && line.event.type === 'job-progress') {
        const last = progressAt.get(line.name) ?? Number.NEGATIVE_INFINITY;
        if (at - last < progressEvery && line.event.progress.fraction < 1) return;
        progressAt.set(line.name, at);
      }
      writeSync(file, `${JSON.stringify({ at, ...line })}\n`);
    },
    close: () => closeSync(file),
  };
}
