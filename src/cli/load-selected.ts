import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Failure } from '../errors/failure.ts';
import type { LoadOptions } from '../pipeline/load.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { projectAbove } from '../pipeline/project.ts';
import { memoName, recall, rememberable } from '../pipeline/remembered.ts';
import { type Selected, selectInstances } from '../pipeline/select.ts';
import { type CodeMemo, openCodeMemo } from '../plan/code-memo.ts';
import { replaceFile } from '../store/durable.ts';
import type { Store } from '../store/store.ts';
import { ok, type Result } from '../util/result.ts';
import { storeFolder } from './store-folder.ts';

/** The options that say what part of which pipeline is meant: the same for every command that takes a pipeline. */
export interface PipelineOptions {
  readonly profile?: string;
  readonly set: readonly string[];
  readonly params?: string;
  readonly force: boolean;
  readonly from: readonly string[];
  readonly until: readonly string[];
  readonly store?: string;
}

/** A pipeline that was loaded, and what of it is meant. */
export interface LoadedSelection {
  readonly pipeline: Pipeline;
  readonly selected: Selected;
  readonly code: CodeMemo['code'];
  /** Folder of the store. */
  readonly store: string;
  /** Keeps what was learned of the pipeline and its code, for the next time. */
  save(store: Store): void;
}

/** Loads a pipeline and selects the part of it that is asked for. All mistakes are returned at once. */
export async function loadSelected(
  file: string,
  targets: readonly string[],
  options: PipelineOptions,
): Promise<Result<LoadedSelection, Failure[]>> {
  const loading: LoadOptions = {
    env: process.env,
    set: options.set,
    ...(options.profile === undefined ? {} : { profile: options.profile }),
    ...(options.params === undefined ? {} : { paramsFile: options.params }),
  };
  const root = projectAbove(dirname(file));
  const store = storeFolder(options.store, root);
  const codes = openCodeMemo(store, root);
  const memo = join(store, 'memo', 'pipelines', memoName(file, loading));
  const recalled = await recall(memo, file, loading, codes.code);
  // Loaded only then: the parser and the checker take longer to start than all else.
  const loaded =
    recalled === undefined ? await (await import('../pipeline/load.ts')).loadPipeline(file, loading) : ok(recalled);
  if (!loaded.ok) return loaded;
  const pipeline = loaded.value;
  const selected = selectInstances(pipeline, { ...options, targets });
  if (!selected.ok) return selected;
  const save = (open: Store): void => {
    codes.save(open);
    const text = recalled === undefined ? rememberable(file, loading, pipeline, codes.code) : undefined;
    if (text === undefined) return;
    mkdirSync(dirname(memo), { recursive: true });
    replaceFile(memo, text, open.leases.temporaryName('file'));
  };
  return ok({ pipeline, selected: selected.value, code: codes.code, store, save });
}
