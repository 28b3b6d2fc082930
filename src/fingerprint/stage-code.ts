import { join } from 'node:path';
import type { LoadedKind } from '../stage/registry.ts';
import { ok, type Result } from '../util/result.ts';
import { sha256 } from '../util/sha256.ts';
import { type CodeClosure, closureReader, type SummaryMemo } from './closure.ts';

/** The code of a stage kind as the fingerprint takes it. */
export interface StageCode {
  /** SHA-256 of the text. */
  readonly digest: string;
  /** The closure as JSON with sorted keys; kept by the store for whoever asks what changed. */
  readonly text: string;
  readonly closure: CodeClosure;
}

/** Code closures, each kind's once; `memo` (summaries of modules that were read before) is brought up to date in place. */
export function stageCodes(projectRoot: string, memo: SummaryMemo): (loaded: LoadedKind) => Result<StageCode> {
  const known = new Map<string, Result<StageCode>>();
  const read = closureReader(memo);
  return (loaded) => {
    const before = known.get(loaded.module);
    if (before !== undefined) return before;
    const closure = read(loaded.module, '*', rootOf(loaded.module, projectRoot));
    const code = closure.ok ? ok(stageCode(closure.value)) : closure;
    known.set(loaded.module, code);
    return code;
  };
}

function stageCode(closure: CodeClosure): StageCode {
  const { modules, packages } = closure;
  const text = JSON.stringify({ modules, packages });
  return { digest: sha256(text), text, closure };
}

/** pipe's own modules lie below this folder. */
const ownFolder = new URL('../../', import.meta.url).pathname;

/** Whether a module is pipe's own, and not the user's. */
export function isOwnModule(module: string): boolean {
  return module.startsWith(join(ownFolder, 'stages/')) || module.startsWith(join(ownFolder, 'src/'));
}

/** Module names are relative to pipe's own build for its kinds, to the project for the user's: no path of the machine gets in. */
function rootOf(module: string, projectRoot: string): string {
  return isOwnModule(module) ? ownFolder : projectRoot;
}
