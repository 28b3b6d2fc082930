import { readFileSync } from 'node:fs';
import { type Failure, failure } from '../errors/failure.ts';
import type { CodeFile } from '../fingerprint/closure.ts';
import { sha256 } from '../util/sha256.ts';

/** The user's code files that a job's fingerprint was taken of, by path. */
export type OrderedCode = Readonly<Record<string, CodeFile>>;

/**
 * Makes sure that this process runs the code that fingerprints were taken of: somebody may edit a file while a run goes
 * on. A module that was loaded stays as it is for the life of the process, so each is looked at once, right after
 * the kind's module was imported; what is loaded later (`lazy`), after the job. Editing a file that is loaded already is
 * harmless: the job goes on with what it has.
 */
export interface LoadedCode {
  /** What was changed of the modules that are loaded with the kind. */
  checkLoaded(code: OrderedCode): Failure | undefined;
  /** What was changed of those that the job may have loaded or read while it ran. */
  checkLazy(code: OrderedCode): Failure | undefined;
}

export function createLoadedCode(): LoadedCode {
  const known = new Map<string, string>();
  const check = (code: OrderedCode, lazy: boolean): Failure | undefined => {
    for (const [path, file] of Object.entries(code)) {
      if (file.lazy !== lazy) continue;
      // What a lazy file holds may change from job to job: only a module that is surely loaded is settled.
      const digest = (lazy ? undefined : known.get(path)) ?? digestOf(path);
      if (!lazy) known.set(path, digest);
      if (digest === file.digest) continue;
      return failure('code-changed', `${path} was changed while the run went on; the result was not kept`, {
        hint: 'run again',
      });
    }
    return undefined;
  };
  return { checkLoaded: (code) => check(code, false), checkLazy: (code) => check(code, true) };
}

function digestOf(path: string): string {
  try {
    return sha256(readFileSync(path));
  } catch {
    return 'gone';
  }
}
