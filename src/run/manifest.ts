import { join } from 'node:path';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { replaceFile } from '../store/durable.ts';
import type { Store } from '../store/store.ts';
import { gitHead } from '../util/git-head.ts';
import type { FinishedStage } from './context.ts';

/** Writes what a run was of and what came of its stages into its folder, in the place of an earlier one. */
export function writeManifest(
  store: Store,
  run: string,
  pipeline: Pipeline,
  status: string,
  finished: ReadonlyMap<string, FinishedStage>,
): void {
  // In the order of the pipeline, not that in which they ended.
  const stages = Object.fromEntries(
    pipeline.instances.flatMap(({ id }) => {
      const stage = finished.get(id);
      return stage === undefined
        ? []
        : [[id, { fingerprint: stage.fingerprint, status: stage.status, outputs: stage.outputs }]];
    }),
  );
  const manifest = {
    format: 2,
    run,
    pipeline: pipeline.name,
    file: pipeline.file,
    profile: pipeline.profile ?? 'default',
    params: pipeline.params,
    commit: gitHead(pipeline.root) ?? null,
    status,
    stages,
  };
  replaceFile(
    join(store.layout.run(run), 'manifest.json'),
    JSON.stringify(manifest, null, 1),
    store.leases.temporaryName('file'),
  );
}
