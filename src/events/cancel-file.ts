import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { watchFolder } from '../util/watch-folder.ts';

/** What somebody elsewhere wants of a run: that running jobs be finished and kept, or that they be stopped too. */
export type Cancel = 'soon' | 'now';

const name = 'cancel';
/** Milliseconds between two looks where the file system does not tell of changes: it may be written on another machine. */
const lookEvery = 500;

/** Asks a run to stop, by a file in its folder: that works from any machine that sees the store. */
export function askToCancel(runFolder: string, how: Cancel): void {
  writeFileSync(join(runFolder, name), how);
}

/** The same as `signal` and `stopNow`, but also when somebody asks by the file. */
export function stoppable(
  runFolder: string,
  signals: { readonly signal: AbortSignal; readonly stopNow: AbortSignal },
): { readonly signal: AbortSignal; readonly stopNow: AbortSignal; close(): void } {
  const file = join(runFolder, name);
  const soon = new AbortController();
  const now = new AbortController();
  const look = (): void => {
    let how: string;
    try {
      how = readFileSync(file, 'utf8');
    } catch {
      return;
    }
    if (how === '') return;
    soon.abort(new Error('cancelled'));
    if (how === 'now') now.abort(new Error('cancelled'));
  };
  const watcher = watchFolder(runFolder, look);
  const timer = setInterval(look, lookEvery);
  timer.unref();
  return {
    signal: AbortSignal.any([signals.signal, soon.signal]),
    stopNow: AbortSignal.any([signals.stopNow, now.signal]),
    close: () => {
      watcher?.close();
      clearInterval(timer);
      rmSync(file, { force: true });
    },
  };
}
