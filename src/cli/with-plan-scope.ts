import { type Build, chooseBuild } from '../backend/choice.ts';
import type { Selected } from '../pipeline/select.ts';
import type { PlanScope } from '../plan/job.ts';
import { planScope } from '../plan/scope.ts';
import { openStore } from '../store/store.ts';
import { exitCodes } from './command-line.ts';
import { loadSelected, type PipelineOptions } from './load-selected.ts';
import { printFailures } from './print-failure.ts';

/** The options of commands that take fingerprints of a pipeline and run nothing. */
export interface PlanningOptions extends PipelineOptions {
  readonly backend: 'native' | 'cpu';
  readonly device: 'auto' | Build;
}

/** How a command looks at a pipeline. */
export interface Planning {
  readonly signal: AbortSignal;
  readonly offline: boolean;
  /** Takes lines for people: which data was found, what was damaged. */
  readonly note: (line: string) => void;
}

/** Loads a pipeline, opens its store, acts, and closes the store again. Returns the action's exit code. */
export async function withPlanScope(
  file: string,
  targets: readonly string[],
  options: PlanningOptions,
  { signal, offline, note }: Planning,
  action: (scope: PlanScope, selected: Selected, trainsOnGpu: boolean) => Promise<number>,
): Promise<number> {
  const loaded = await loadSelected(file, targets, options);
  if (!loaded.ok) {
    printFailures(loaded.error);
    return exitCodes.usage;
  }
  const { pipeline, selected, code, save } = loaded.value;
  const choice = chooseBuild(options.backend === 'cpu' ? 'cpu' : options.device);
  if (!choice.ok) {
    printFailures([choice.error]);
    return exitCodes.usage;
  }
  const store = openStore(loaded.value.store, note);
  if (!store.ok) {
    printFailures([store.error]);
    return exitCodes.usage;
  }
  try {
    const scope = planScope(pipeline, store.value, {
      code,
      backend: options.backend,
      build: choice.value.build,
      env: process.env,
      signal,
      offline,
      note: (stage, text) => note(`${stage}: ${text}`),
    });
    const exitCode = await action(scope, selected, options.backend === 'native' && choice.value.build === 'gpu');
    save(store.value);
    return exitCode;
  } finally {
    store.value.close();
  }
}
