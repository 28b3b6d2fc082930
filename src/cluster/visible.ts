import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds for which what another machine has written may not be seen here yet; Nextflow waits 270 s, NFS caches 60 s by default. */
export const usualPatience = 120_000;
const firstPause = 20;
const longestPause = 2000;

/**
 * Asks again until there is an answer: a shared file system may show a file some time after it was written. Before each further try
 * the folders are read, which makes NFS ask its server instead of its cache. Undefined when the patience is over.
 */
export async function eventually<Value>(
  ask: () => Value | undefined,
  paths: () => readonly string[],
  signal: AbortSignal,
  patience = usualPatience,
): Promise<Value | undefined> {
  const started = performance.now();
  for (let pause = firstPause; ; pause = Math.min(longestPause, 2 * pause)) {
    const found = ask();
    if (found !== undefined) return found;
    if (signal.aborted || performance.now() - started > patience) return undefined;
    for (const folder of new Set(paths().map(dirname))) refresh(folder);
    await delay(pause, undefined, { signal }).catch(() => {});
  }
}

function refresh(folder: string): void {
  try {
    readdirSync(folder);
  } catch {
    // The folder itself may not be seen yet; its parent is read the same way.
    try {
      readdirSync(dirname(folder));
    } catch {
      // Nor that one.
    }
  }
}
