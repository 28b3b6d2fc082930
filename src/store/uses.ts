import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { isDigest } from './layout.ts';

/**
 * The records that a process relies on, appended to a file one by one. The order matters: a process notes the use, then
 * reads the record; the garbage collector moves a blob away, then reads the notes. Whichever comes first, one of the
 * two sees the other (as in Dekker's algorithm).
 */
export function createUses(file: string): { note(fingerprint: string): void; close(): void } {
  const noted = new Set<string>();
  let descriptor: number | undefined;
  return {
    note: (fingerprint) => {
      if (noted.has(fingerprint)) return;
      noted.add(fingerprint);
      descriptor ??= openSync(file, 'a');
      writeSync(descriptor, `${fingerprint}\n`);
    },
    close: () => {
      if (descriptor === undefined) return;
      closeSync(descriptor);
      rmSync(file, { force: true });
      descriptor = undefined;
    },
  };
}

/** The fingerprints that a file of uses names; none where it is gone. */
export function readUses(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(isDigest);
  } catch {
    return [];
  }
}
