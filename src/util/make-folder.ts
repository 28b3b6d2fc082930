import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { isSystemError } from '../errors/system.ts';

/**
 * Makes a folder and those above it; one that is there already is fine. Node's own recursive `mkdir` never comes back
 * where the system refuses with "no such file" in a folder that exists, as in /proc. Throws the system's error.
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (problem) {
    if (!isSystemError(problem)) throw problem;
    if (problem.code === 'EEXIST') return;
    const parent = path.dirname(folder);
    if (problem.code !== 'ENOENT' || parent === folder) throw problem;
    await makeFolder(parent);
    await mkdir(folder).catch((second: unknown) => {
      if (!isSystemError(second) || second.code !== 'EEXIST') throw second;
    });
  }
}
