import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { openArtifact } from '../artifact/reader.ts';
import { safeFileName } from '../command/file-name.ts';
import { failure } from '../errors/failure.ts';
import { systemFailure } from '../errors/system.ts';
import { findStages } from '../plan/find-stages.ts';
import type { JobRecord, StoredOutput } from '../store/record.ts';
import type { Store } from '../store/store.ts';
import { err, ok, type Result } from '../util/result.ts';
import { suggestion } from '../util/suggest.ts';
import { exitCodes } from './command-line.ts';
import { withStore } from './open-store.ts';
import { printFailures } from './print-failure.ts';

/** `pipe export`. */
export async function exportCommand(
  reference: string,
  options: { readonly output?: string; readonly store?: string },
): Promise<number> {
  const code = await withStore(options.store, (store) => {
    const written = exportArtifacts(store, reference, options.output);
    if (!written.ok) {
      printFailures([written.error]);
      return exitCodes.usage;
    }
    process.stdout.write(`${written.value.join('\n')}\n`);
    return exitCodes.done;
  });
  return code ?? exitCodes.usage;
}

/** `stage`, `stage.output`, `stage[value].output@run`; a group gives a file for each instance. */
function exportArtifacts(store: Store, reference: string, output: string | undefined): Result<string[]> {
  const [, stages = '', slot, at = ''] = /^([^.@]*?(?:\[[^\]]*\])?)(?:\.([\w-]+))?(@.*)?$/.exec(reference) ?? [];
  const found = findStages(store, `${stages}${at}`);
  if (!found.ok) return found;
  const { ids, run } = found.value;
  if (ids.length > 1 && output !== undefined) {
    const hint = `leave -o out, or name one of them: ${ids[0]}`;
    return err(failure('export-many', `${reference} names ${ids.length} artifacts, and -o one file`, { hint }));
  }
  const written: string[] = [];
  for (const id of ids) {
    const record = store.readRecord(run.stages.get(id)?.fingerprint ?? '');
    const one = record === undefined ? gone(id) : exportOne(store, id, record, slot, output);
    if (!one.ok) return one;
    written.push(one.value);
  }
  return ok(written);
}

function gone(id: string): Result<never> {
  const hint = 'run the pipeline again: what is not there is made';
  return err(failure('export-gone', `what ${id} made is not in the store any more`, { hint }));
}

function exportOne(
  store: Store,
  id: string,
  record: JobRecord,
  slot: string | undefined,
  output: string | undefined,
): Result<string> {
  const name = slot ?? Object.keys(record.outputs)[0] ?? '';
  const stored = Object.hasOwn(record.outputs, name) ? record.outputs[name] : undefined;
  if (stored === undefined) {
    const hint = suggestion(name, Object.keys(record.outputs));
    return err(failure('export-unknown', `"${id}" has no output "${name}"`, { hint }));
  }
  if (!store.isWhole(stored)) return gone(id);
  try {
    return writeOut(store, `${id}.${name}`, stored, output);
  } catch (problem) {
    return err(systemFailure(`cannot write ${id}.${name}`, problem));
  }
}

/** The file inside a blob, under its own name, or a folder of several; else the Arrow file as it is. */
function writeOut(store: Store, name: string, stored: StoredOutput, output: string | undefined): Result<string> {
  const blob = store.layout.blob(stored.digest);
  const base = name.replace(/[^\w.-]+/g, '-').replaceAll('-.', '.');
  if (stored.type !== 'blob') {
    const path = output ?? `${base}.arrow`;
    copyFileSync(blob, path);
    return ok(path);
  }
  const artifact = openArtifact(blob);
  if (!artifact.ok) return artifact;
  const names = artifact.value.texts('name').map((one) => one ?? '');
  const contents = artifact.value.binaries('content');
  // Names inside an artifact are data: none becomes a path outside the folder.
  const bad = names.find((one) => !safeFileName(one));
  if (bad !== undefined) return err(failure('export-name', `it holds a file of the name ${JSON.stringify(bad)}`));
  const [only] = names;
  if (names.length === 1 && only !== undefined) {
    const path = output ?? basename(only);
    writeFileSync(path, contents[0] ?? new Uint8Array());
    return ok(path);
  }
  const folder = output ?? base;
  for (const [index, inside] of names.entries()) {
    mkdirSync(dirname(join(folder, inside)), { recursive: true });
    writeFileSync(join(folder, inside), contents[index] ?? new Uint8Array());
  }
  mkdirSync(folder, { recursive: true });
  return ok(folder);
}
