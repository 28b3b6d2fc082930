import { existsSync, statSync } from 'node:fs';
import { type Artifact, openArtifact } from '../artifact/reader.ts';
import { type Failure, failure } from '../errors/failure.ts';
import { findStages } from '../plan/find-stages.ts';
import type { Store } from '../store/store.ts';
import { firstRows, showLines } from '../terminal/show-lines.ts';
import { csvText, rowObjects } from '../terminal/table.ts';
import { err, ok, type Result } from '../util/result.ts';
import { suggestion } from '../util/suggest.ts';
import { outputColors } from './colors.ts';
import { exitCodes } from './command-line.ts';
import { withExistingStore } from './open-store.ts';
import { printFailures } from './print-failure.ts';

interface ShowOptions {
  readonly rows: number;
  readonly pictures: number;
  readonly store?: string;
  readonly csv?: boolean;
  readonly json?: boolean;
}

/** `pipe show`: what an artifact holds. */
export async function showCommand(reference: string, options: ShowOptions): Promise<number> {
  const code = await withExistingStore(options.store, async (store) => {
    const found = findArtifact(store, reference);
    if (!found.ok) {
      printFailures([found.error]);
      return exitCodes.usage;
    }
    process.stdout.write(await textOf(found.value, options));
    return exitCodes.done;
  });
  return code ?? exitCodes.usage;
}

interface NamedArtifact {
  readonly name: string;
  readonly digest: string;
  readonly artifact: Artifact;
}

async function textOf({ name, digest, artifact }: NamedArtifact, options: ShowOptions): Promise<string> {
  const table = firstRows(artifact, options.rows);
  if (options.csv === true) return csvText(table);
  if (options.json === true) {
    const columns = artifact.columns.map((column) => ({ name: column, ...artifact.columnType(column) }));
    const { type, rows, metadata } = artifact;
    return `${JSON.stringify({ schema: 'pipe.show/1', name, digest, type, rows, metadata, columns, first: rowObjects(table) }, null, 2)}\n`;
  }
  const { default: widthOf } = await import('string-width');
  const colors = outputColors();
  const width = process.stdout.columns ?? 120;
  return `${showLines(name, artifact, { ...options, width, widthOf, colors }).join('\n')}\n`;
}

/** `stage`, `stage.output`, `stage[value].output@run`. Errors: no such stage or output, several instances, what is not there any more. */
function findArtifact(store: Store, reference: string): Result<NamedArtifact, Failure> {
  if (existsSync(reference) && statSync(reference).isFile())
    return err(
      failure('show-file', `${reference} is a file: pipe show takes what a stage made`, {
        hint: 'it is plain Arrow: python -c \'import pyarrow.feather as f; print(f.read_table("FILE"))\' shows it',
      }),
    );
  const [, stages = '', slot, at = ''] = /^([^.@]*?(?:\[[^\]]*\])?)(?:\.([\w-]+))?(@.*)?$/.exec(reference) ?? [];
  const found = findStages(store, `${stages}${at}`);
  if (!found.ok) return found;
  const { ids, run } = found.value;
  const [id, ...others] = ids;
  if (id === undefined || others.length > 0)
    return err(
      failure('show-many', `${reference} names ${ids.length} stages`, { hint: `name one of them: ${ids.join(', ')}` }),
    );
  const outputs = store.readRecord(run.stages.get(id)?.fingerprint ?? '')?.outputs ?? {};
  const name = slot ?? Object.keys(outputs)[0] ?? '';
  const output = Object.hasOwn(outputs, name) ? outputs[name] : undefined;
  if (output === undefined)
    return err(
      failure('show-unknown', `"${id}" has no output "${name}"`, { hint: suggestion(name, Object.keys(outputs)) }),
    );
  const gone = failure('show-gone', `what ${id} made is not in the store any more`, {
    hint: 'run the pipeline again: what is not there is made',
  });
  if (!store.isWhole(output)) return err(gone);
  const opened = openArtifact(store.layout.blob(output.digest));
  return opened.ok ? ok({ name: `${id}.${name}`, digest: output.digest, artifact: opened.value }) : opened;
}
