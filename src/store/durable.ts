import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
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

/** What a file system answers that has no hard links. */
const noLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV']);

/**
 * Writes a small file that must not be there yet; false where it is, also when somebody else writes it in this instant. On a
 * file system without hard links the last is known only where the other one has finished before.
 */
export function createFile(
  path: string,
  content: string,
  temporary: string,
  link: (from: string, to: string) => void = linkSync,
): boolean {
  writeSynced(temporary, content);
  try {
    link(temporary, path);
  } catch (problem) {
    const { code = '' } = problem as { code?: string };
    if (noLinks.has(code) && !existsSync(path)) {
      publish(temporary, path);
      return true;
    }
    unlinkSync(temporary);
    if (code === 'EEXIST' || noLinks.has(code)) return false;
    throw problem;
  }
  unlinkSync(temporary);
  syncFolder(dirname(path));
  return true;
}

/** Writes a small file so that readers see the old content or the new one, never a part. `temporary`: a free name on the same disk. */
export function replaceFile(path: string, content: string | Buffer, temporary: string): void {
  writeSynced(temporary, content);
  publish(temporary, path);
}

function writeSynced(temporary: string, content: string | Buffer): void {
  const descriptor = openSync(temporary, 'w');
  try {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    let done = 0;
    while (done < bytes.length) done += writeSync(descriptor, bytes, done);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
