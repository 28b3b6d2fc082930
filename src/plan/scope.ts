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
  /** Look only, fetch nothing: for a plan. */
  readonly offline: boolean;
  readonly note: (stage: string, text: string) => void;
}

/** What is needed to take fingerprints of a pipeline's jobs. */
export function planScope(pipeline: Pipeline, store: Store, settings: PlanSettings): PlanScope {
  const { backend, build, env, signal, offline, note } = settings;
  return {
    pipeline,
    store,
    signal,
    find: (fingerprint) => store.find(fingerprint),
    compute: (threads) => computeClass({ backend, build, threads }),
    code: warning(settings),
    offline,
    cacheFolder: cacheFolder(env),
    env,
    note,
  };
}

/** Says once for each kind what of its code cannot be followed: a change there would not be seen. */
function warning({ code, note }: PlanSettings): PlanScope['code'] {
  const told = new Set<string>();
  return (loaded) => {
    const found = code(loaded);
    if (!found.ok || told.has(loaded.module)) return found;
    told.add(loaded.module);
    for (const place of found.value.closure.unknown)
      note(loaded.uses, `${place} is known only when it runs: changes of what it loads are not seen`);
    return found;
  };
}
