import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { failure } from '../errors/failure.ts';
import type { Input } from '../stage/stage-kind.ts';
import { err, ok, type Result } from '../util/result.ts';
import { variableName } from './environment.ts';
import { safeFileName } from './file-name.ts';

/** An input as the program is told of it. */
export interface GivenInput {
  readonly variable: string;
  readonly stage: string;
  readonly matrix: Readonly<Record<string, string>>;
  readonly type: string;
  /** The Arrow file; of a blob the file that it holds, or the folder of its files where it holds several. */
  readonly path: string;
}

/**
 * Says where the program finds its inputs. Files inside blobs are written out below `folder`. Errors: two inputs that
 * would have one name, a name in a blob that leads out of the folder.
 */
export function giveInputs(inputs: readonly Input[], folder: string): Result<GivenInput[]> {
  const given: GivenInput[] = [];
  const names = inputs.map(({ stage, matrix }) => variableName([stage, ...Object.values(matrix)]));
  for (const [index, { stage, matrix, artifact }] of inputs.entries()) {
    const [own = ''] = [names[index]];
    const twice = names.indexOf(own) !== index || names.lastIndexOf(own) !== index;
    // Two outputs of one stage: told apart by their types.
    const variable = twice ? `${own}_${artifact.type.toUpperCase().replace(/\W/g, '_')}` : own;
    if (given.some((one) => one.variable === variable))
      return err(
        failure('command-inputs', `two inputs would both be called ${variable}`, {
          hint: 'rename one of their stages, or a value of its matrix',
        }),
      );
    const path = artifact.type === 'blob' ? writeOut(artifact, join(folder, String(index))) : ok(artifact.path);
    if (!path.ok) return path;
    given.push({ variable, stage, matrix, type: artifact.type, path: path.value });
  }
  return ok(given);
}

function writeOut(artifact: Input['artifact'], folder: string): Result<string> {
  const names = artifact.texts('name').map((name) => name ?? '');
  const contents = artifact.binaries('content');
  const bad = names.find((name) => !safeFileName(name));
  if (bad !== undefined)
    return err(
      failure(
        'command-inputs',
        `an artifact holds a file of the name ${JSON.stringify(bad)}, which is not safe to write`,
      ),
    );
  mkdirSync(folder, { recursive: true });
  for (const [index, name] of names.entries()) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents[index] ?? new Uint8Array());
  }
  const [only] = names;
  return ok(names.length === 1 && only !== undefined ? join(folder, only) : folder);
}
