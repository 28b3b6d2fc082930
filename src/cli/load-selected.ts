import type { Failure } from '../errors/failure.ts';
import { loadPipeline } from '../pipeline/load.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { type Selected, selectInstances } from '../pipeline/select.ts';
import { ok, type Result } from '../util/result.ts';

/** The options that say what part of which pipeline is meant: the same for every command that takes a pipeline. */
export interface PipelineOptions {
  readonly profile?: string;
  readonly set: readonly string[];
  readonly params?: string;
  readonly force: boolean;
  readonly from: readonly string[];
  readonly until: readonly string[];
}

/** Loads a pipeline and selects the part of it that is asked for. All mistakes are returned at once. */
export async function loadSelected(
  file: string,
  targets: readonly string[],
  options: PipelineOptions,
): Promise<Result<{ readonly pipeline: Pipeline; readonly selected: Selected }, Failure[]>> {
  const loaded = await loadPipeline(file, {
    env: process.env,
    set: options.set,
    ...(options.profile === undefined ? {} : { profile: options.profile }),
    ...(options.params === undefined ? {} : { paramsFile: options.params }),
  });
  if (!loaded.ok) return loaded;
  const selected = selectInstances(loaded.value, { ...options, targets });
  return selected.ok ? ok({ pipeline: loaded.value, selected: selected.value }) : selected;
}
