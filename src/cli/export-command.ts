import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openArtifact } from '../artifact/reader.ts';
import { failure } from '../errors/failure.ts';
import { systemFailure } from '../errors/system.ts';
import { projectAbove } from '../pipeline/project.ts';
import { storeLayout } from '../store/layout.ts';
import type { StoredOutput } from '../store/record.ts';
import { err, ok, type Result } from '../util/result.ts';
import { suggestion } from '../util/suggest.ts';
import { exitCodes } from './command-line.ts';
import { printFailures } from './print-failure.ts';
import { storeFolder } from './store-folder.ts';

interface Manifest {
  readonly stages: Readonly<Record<string, { readonly outputs: Readonly<Record<string, StoredOutput>> }>>;
}

/** `pipe export`. */
export async function exportCommand(
  reference: string,
  options: { readonly output?: string; readonly store?: string },
): Promise<number> {
  const written = exportArtifact(storeFolder(options.store, projectAbove('.')), reference, options.output);
  if (!written.ok) {
    printFailures([written.error]);
    return exitCodes.usage;
  }
  process.stdout.write(`${written.value}\n`);
  return exitCodes.done;
}

/** The manifest of the newest run; names of runs sort by time. */
function newestManifest(store: string): Result<Manifest> {
  const { runs } = storeLayout(store);
  try {
    for (const run of readdirSync(runs).sort().reverse()) {
      try {
        return ok(JSON.parse(readFileSync(join(runs, run, 'manifest.json'), 'utf8')) as Manifest);
      } catch {
        // A run that was killed, or still goes on, has no manifest: the one before it is looked at.
      }
    }
  } catch (problem) {
    return err(systemFailure(`cannot read the store ${store}`, problem));
  }
  return err(
    failure('export-no-run', `there is no finished run in ${store}`, {
      hint: 'run a pipeline first, or name its store with --store',
    }),
  );
}

function exportArtifact(store: string, reference: string, output: string | undefined): Result<string> {
  const manifest = newestManifest(store);
  if (!manifest.ok) return manifest;
  const { stages } = manifest.value;
  const [, id = '', slot] = /^([^.[\]]+(?:\[[^\]]*\])?)(?:\.([\w-]+))?$/.exec(reference) ?? [];
  const stage = Object.hasOwn(stages, id) ? stages[id] : undefined;
  if (stage === undefined)
    return err(
      failure('export-unknown', `the newest run has no stage "${reference}"`, {
        hint: suggestion(id, Object.keys(stages)),
      }),
    );
  const name = slot ?? Object.keys(stage.outputs)[0] ?? '';
  const stored = Object.hasOwn(stage.outputs, name) ? stage.outputs[name] : undefined;
  if (stored === undefined)
    return err(
      failure('export-unknown', `"${id}" has no output "${name}"`, {
        hint: suggestion(name, Object.keys(stage.outputs)),
      }),
    );
  const blob = storeLayout(store).blob(stored.digest);
  const base = `${id}.${name}`.replace(/[^\w.-]+/g, '-');
  try {
    if (stored.type !== 'blob') {
      const path = output ?? `${base}.arrow`;
      copyFileSync(blob, path);
      return ok(path);
    }
    const artifact = openArtifact(blob);
    if (!artifact.ok) return artifact;
    const path =
      output ??
      (/^[\w.-]+$/.test(artifact.value.texts('name')[0] ?? '') ? (artifact.value.texts('name')[0] as string) : base);
    writeFileSync(path, artifact.value.binaries('content')[0] ?? new Uint8Array());
    return ok(path);
  } catch (problem) {
    return err(systemFailure(`cannot write ${reference}`, problem));
  }
}
