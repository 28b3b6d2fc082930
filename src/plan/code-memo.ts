import { join } from 'node:path';
import { isDiskError } from '../errors/system.ts';
import type { SummaryMemo } from '../fingerprint/closure.ts';
import { type StageCode, stageCodes } from '../fingerprint/stage-code.ts';
import type { LoadedKind } from '../stage/registry.ts';
import { replaceFile } from '../store/durable.ts';
import { readMemo } from '../store/hash-memo.ts';
import type { Store } from '../store/store.ts';
import type { Result } from '../util/result.ts';

/** The code of stage kinds, with what is remembered of modules between runs. */
export interface CodeMemo {
  readonly code: (loaded: LoadedKind) => Result<StageCode>;
  /** Keeps what was learned for the next time. */
  save(store: Store): void;
}

/** Opens the memo of a store's folder, which need not be there. `projectRoot`: what names of the user's modules are relative to. */
export function openCodeMemo(storeRoot: string, projectRoot: string): CodeMemo {
  const file = join(storeRoot, 'memo', 'modules.json');
  const memo = readMemo<SummaryMemo>(file);
  const before = Object.values(memo).map(({ stamp }) => stamp);
  return {
    code: stageCodes(projectRoot, memo),
    save: (store) => {
      const now = Object.values(memo).map(({ stamp }) => stamp);
      if (now.join() === before.join()) return;
      try {
        replaceFile(file, JSON.stringify(memo), store.leases.temporaryName('file'));
      } catch (problem) {
        // Only a memory aid: without it the next run reads the modules again.
        if (!isDiskError(problem)) throw problem;
      }
    },
  };
}
