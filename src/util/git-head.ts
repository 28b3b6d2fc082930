import { readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** The folder of git's data for a project: its own, or that which a worktree names. */
function gitFolder(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    const path = join(folder, '.git');
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory() === true) return path;
    if (found?.isFile() === true) {
      const named = /^gitdir: (.+)$/m.exec(read(path) ?? '')?.[1];
      return named === undefined ? undefined : isAbsolute(named) ? named : join(folder, named);
    }
    if (dirname(folder) === folder) return undefined;
  }
}

const hash = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/**
 * The commit that is checked out where a project lies, without starting git (gitrepository-layout); undefined outside of a repository
 * or before its first commit. Changes that are not committed are not seen.
 */
export function gitHead(project: string): string | undefined {
  const folder = gitFolder(project);
  const head = folder === undefined ? undefined : read(join(folder, 'HEAD'));
  if (folder === undefined || head === undefined) return undefined;
  const name = /^ref: (.+)$/.exec(head)?.[1];
  if (name === undefined) return hash.test(head) ? head : undefined;
  // A worktree has its HEAD for itself and its branches in common with the others.
  const shared = read(join(folder, 'commondir'));
  const common = shared === undefined ? folder : isAbsolute(shared) ? shared : join(folder, shared);
  for (const place of [folder, common]) {
    const loose = read(join(place, name));
    if (loose !== undefined && hash.test(loose)) return loose;
  }
  const packed = (read(join(common, 'packed-refs')) ?? '').split('\n').find((line) => line.endsWith(` ${name}`));
  const commit = packed?.split(' ')[0];
  return commit !== undefined && hash.test(commit) ? commit : undefined;
}
