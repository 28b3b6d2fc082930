import { closeSync, openSync, writeSync } from 'node:fs';
import type { RunEvent } from './event.ts';

/** Writes events as JSON lines, each line with one write, so that a kill leaves whole lines. */
export interface Journal {
  write(event: RunEvent): void;
  close(): void;
}

/** Opens a journal for appending. Progress is left out: it is many lines that nobody needs afterwards. */
export function openJournal(path: string): Journal {
  const descriptor = openSync(path, 'a');
  return {
    write: (event) => {
      if (event.type === 'job-progress' || event.type === 'job-log') return;
      if (event.type === 'set-up' && event.received !== undefined) return;
      writeSync(descriptor, `${JSON.stringify(event)}\n`);
    },
    close: () => closeSync(descriptor),
  };
}
