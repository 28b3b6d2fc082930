import { join } from 'node:path';
import { type Build, cacheFolder, computeClass } from '../backend/choice.ts';
import { isDiskError } from '../errors/system.ts';
import type { SummaryMemo } from '../fingerprint/closure.ts';
import { stageCodes } from '../fingerprint/stage-code.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { replaceFile } from '../store/durable.ts';
import { readMemo } from '../store/hash-memo.ts';
import type { Store } from '../store/store.ts';
import type { PlanScope } from './job.ts';

export interface PlanSettings {
  readonly backend: 'native' | 'cpu';
  readonly build: Build;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly note: (stage: string, text: string) => void;
}

/** What is needed to take fingerprints of a pipeline's jobs. `save` keeps what was learned of the code for the next time. */
export function openPlanScope(
  pipeline: Pipeline,
  store: Store,
  settings: PlanSettings,
): { readonly scope: PlanScope; save(): void } {
  const file = join(store.layout.memo, 'modules.json');
  const memo = readMemo<SummaryMemo>(file);
  const before = JSON.stringify(memo);
  const scope: PlanScope = {
    pipeline,
    store,
    signal: settings.signal,
    find: (fingerprint) => store.find(fingerprint),
    compute: (threads) => computeClass({ backend: settings.backend, build: settings.build, threads }),
    code: stageCodes(pipeline.root, memo),
    cacheFolder: cacheFolder(settings.env),
    env: settings.env,
    note: settings.note,
  };
  return {
    scope,
    save: () => {
      const now = JSON.stringify(memo);
      if (now === before) return;
      try {
        replaceFile(file, now, store.leases.temporaryName('file'));
      } catch (problem) {
        // Only a memory aid: without it the next run reads the modules again.
        if (!isDiskError(problem)) throw problem;
      }
    },
  };
}
