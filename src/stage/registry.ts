import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { failure } from '../errors/failure.ts';
import { err, ok, type Result } from '../util/result.ts';
import { suggestion } from '../util/suggest.ts';
import type { StageKind } from './stage-kind.ts';

/** A stage kind with the file of its module, which workers import and whose code enters the fingerprint. */
export interface LoadedKind {
  readonly kind: StageKind;
  readonly module: string;
  /** As the pipeline names it. */
  readonly uses: string;
}

const ownExtension = extname(fileURLToPath(import.meta.url));
const builtInFolder = fileURLToPath(new URL('../../stages/', import.meta.url));

/** Names of the stage kinds that come with pipe. */
export async function builtInKinds(): Promise<string[]> {
  const files = await readdir(builtInFolder);
  return files
    .filter((file) => file.endsWith(ownExtension) && !file.endsWith('.d.ts'))
    .map((file) => file.slice(0, -ownExtension.length));
}

function isStageKind(value: unknown): value is StageKind {
  if (typeof value !== 'object' || value === null) return false;
  const candidate = value as Partial<StageKind>;
  return (
    typeof candidate.kind === 'string' && typeof candidate.run === 'function' && typeof candidate.params === 'object'
  );
}

/**
 * Loads the kind that `uses:` names: one of pipe's own by its name, or a module of the user's by a path that starts
 * with `./` or `../`, relative to the pipeline's file. The module exports one value made by `defineStage`.
 */
export async function loadKind(uses: string, pipelineFile: string): Promise<Result<LoadedKind>> {
  const own = uses.startsWith('./') || uses.startsWith('../');
  if (!own) {
    const known = await builtInKinds();
    if (!known.includes(uses)) {
      return err(
        failure('kind-unknown', `there is no stage kind "${uses}"`, {
          hint: `${suggestion(uses, known)} A kind of your own starts with "./".`,
        }),
      );
    }
  }
  const module = own ? resolve(dirname(pipelineFile), uses) : `${builtInFolder}${uses}${ownExtension}`;
  if (!existsSync(module))
    return err(failure('kind-missing', `there is no file ${uses}`, { hint: `looked for ${module}` }));
  try {
    const exported = (await import(pathToFileURL(module).href)) as Record<string, unknown>;
    const kinds = Object.values(exported).filter(isStageKind);
    const named = kinds.find((kind) => kind.kind === uses) ?? kinds[0];
    if (named === undefined)
      return err(
        failure('kind-shape', `${uses} exports no stage kind`, { hint: 'export a value made by defineStage({ … })' }),
      );
    return ok({ kind: named, module, uses });
  } catch (problem) {
    if (!own) throw problem;
    const old = /\.[mc]?ts$/.test(module) && (process.features as { typescript?: unknown }).typescript === undefined;
    return err(
      failure('kind-broken', `${uses} cannot be loaded: ${(problem as Error).message.split('\n')[0]}`, {
        ...(old
          ? { hint: 'this Node cannot read TypeScript by itself: use Node 22.18 or newer, or a compiled .js file' }
          : {}),
      }),
    );
  }
}
