import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Forces a folder's entries to the disk, so that a rename in it survives a power cut. */
export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Makes a folder with its parents; entries of new folders are forced to the disk. Node's own recursive mkdir never
 * returns where the system answers "no such file" to every try (below /proc), hence the walk upwards here.
 */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (problem) {
    const { code } = problem as { code?: string };
    if (code === 'EEXIST' && statSync(folder).isDirectory()) return;
    const parent = dirname(folder);
    if (code !== 'ENOENT' || parent === folder) throw problem;
    // A parent that is there all the same was made in this moment by another process, or the system refuses.
    const refused = existsSync(parent);
    makeFolder(parent);
    try {
      mkdirSync(folder);
    } catch (second) {
      if ((second as { code?: string }).code !== 'EEXIST') throw refused ? problem : second;
    }
  }
  syncFolder(dirname(folder));
}

/** Moves a finished, already synced file to its place. Readers see all of it or nothing. */
export function publish(from: string, to: string): void {
  renameSync(from, to);
  syncFolder(dirname(to));
}

/** Writes a small file so that readers see the old content or the new one, never a part. `temporary`: a free name on the same disk. */
export function replaceFile(path: string, content: string | Buffer, temporary: string): void {
  const descriptor = openSync(temporary, 'w');
  try {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    let done = 0;
    while (done < bytes.length) done += writeSync(descriptor, bytes, done);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  publish(temporary, path);
}
