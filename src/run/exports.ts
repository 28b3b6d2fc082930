import { statSync } from 'node:fs';
import { join } from 'node:path';
import { systemFailure } from '../errors/system.ts';
import type { StageInstance } from '../pipeline/pipeline.ts';
import { makeFolder, replaceFile } from '../store/durable.ts';
import { fileStamp } from '../store/hash-file.ts';
import { readMemo } from '../store/hash-memo.ts';
import type { Store } from '../store/store.ts';
import { err, ok, type Result } from '../util/result.ts';
import type { FinishedStage } from './context.ts';

const safeName = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/;

/**
 * Writes the documents inside artifacts (a report's HTML) where people find them: `reports/<pipeline>-<stage>…` of
 * the store. A file that is there and unchanged is left alone. Returns the paths.
 */
export async function exportBlobs(
  store: Store,
  name: string,
  instances: readonly StageInstance[],
  finished: ReadonlyMap<string, FinishedStage>,
): Promise<Result<string[]>> {
  const folder = join(store.layout.root, 'reports');
  const memoFile = join(store.layout.memo, 'exports.json');
  const memo = readMemo<Record<string, { digest: string; path: string; stamp: string }>>(memoFile);
  const paths: string[] = [];
  let changed = false;
  try {
    for (const { id, loaded } of instances) {
      const stage = finished.get(id);
      // What was evicted and not needed is not there to be written out.
      if (stage === undefined || stage.evicted) continue;
      for (const [slot, output] of Object.entries(stage.outputs)) {
        if (loaded.kind.outputs[slot]?.document !== true) continue;
        const key = `${name}/${id}.${slot}`;
        const known = memo[key];
        if (known?.digest === output.digest && stampOf(known.path) === known.stamp) {
          paths.push(known.path);
          continue;
        }
        const path = await writeBlob(store, folder, `${name}-${id}`, output.digest);
        if (!path.ok) return path;
        memo[key] = { digest: output.digest, path: path.value, stamp: stampOf(path.value) };
        paths.push(path.value);
        changed = true;
      }
    }
    if (changed) replaceFile(memoFile, JSON.stringify(memo), store.leases.temporaryName('file'));
  } catch (problem) {
    return err(systemFailure('cannot write a report', problem));
  }
  return ok(paths);
}

function stampOf(path: string): string {
  try {
    return fileStamp(statSync(path, { bigint: true }));
  } catch {
    return '';
  }
}

async function writeBlob(store: Store, folder: string, prefix: string, digest: string): Promise<Result<string>> {
  // Loaded here: where nothing changed, no artifact is opened, and Arrow's library takes longer to load than all else.
  const { openArtifact } = await import('../artifact/reader.ts');
  const artifact = openArtifact(store.layout.blob(digest));
  if (!artifact.ok) return artifact;
  const [file = ''] = artifact.value.texts('name');
  const [content = new Uint8Array()] = artifact.value.binaries('content');
  // The name inside the artifact is data: it never becomes a path outside the folder.
  const extension = safeName.test(file ?? '') ? (/\.[A-Za-z0-9]+$/.exec(file ?? '')?.[0] ?? '') : '';
  makeFolder(folder);
  const path = join(folder, `${prefix.replace(/[^\w-]+/g, '-').replace(/-+$/, '')}${extension}`);
  replaceFile(path, Buffer.from(content), store.leases.temporaryName('file'));
  return ok(path);
}
