import { type FSWatcher, watch } from 'node:fs';

/** Watches a folder where the system can (a network file system may not): whoever waits looks again from time to time too. */
export function watchFolder(folder: string, onChange: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, { persistent: false }, onChange);
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}
