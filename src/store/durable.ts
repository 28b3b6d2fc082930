import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Forces a folder's entries to the disk, so that a rename in it survives a power cut. */
export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Makes a folder with its parents. Entries of new folders are forced to the disk. */
export function makeFolder(folder: string): void {
  const first = mkdirSync(folder, { recursive: true });
  if (first !== undefined) syncFolder(dirname(first));
}

/** Moves a finished, already synced file to its place. Readers see all of it or nothing. */
export function publish(from: string, to: string): void {
  renameSync(from, to);
  syncFolder(dirname(to));
}

/** Writes a small file so that readers see the old content or the new one, never a part. */
export function replaceFile(path: string, content: string | Buffer, temporaryFolder: string): void {
  const temporary = join(temporaryFolder, `${basename(path)}.${process.pid}.${Math.floor(performance.now() * 1e6)}`);
  const descriptor = openSync(temporary, 'wx');
  try {
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    let done = 0;
    while (done < bytes.length) done += writeSync(descriptor, bytes, done);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  publish(temporary, path);
}
