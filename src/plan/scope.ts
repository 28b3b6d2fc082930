import { type Build, cacheFolder, computeClass } from '../backend/choice.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { Store } from '../store/store.ts';
import type { PlanScope } from './job.ts';

export interface PlanSettings {
  readonly code: PlanScope['code'];
  readonly backend: 'native' | 'cpu';
  readonly build: Build;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly note: (stage: string, text: string) => void;
}

/** What is needed to take fingerprints of a pipeline's jobs. */
export function planScope(pipeline: Pipeline, store: Store, settings: PlanSettings): PlanScope {
  const { code, backend, build, env, signal, note } = settings;
  return {
    pipeline,
    store,
    signal,
    find: (fingerprint) => store.find(fingerprint),
    compute: (threads) => computeClass({ backend, build, threads }),
    code,
    cacheFolder: cacheFolder(env),
    env,
    note,
  };
}
