import { statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { failure } from '../errors/failure.ts';
import type { ExternalContext, ExternalInputs } from '../stage/stage-kind.ts';
import { err, ok, type Result } from '../util/result.ts';
import type { CommandParams } from './params.ts';

/**
 * The files that a program reads: those that `files` names, and those that its arguments name, so that an edited script
 * runs again without being declared. Names are relative to the project's root: another checkout has the same.
 * Errors: a pattern that nothing fits.
 */
export async function commandFiles({ params, root }: ExternalContext<CommandParams>): Promise<Result<ExternalInputs>> {
  const files: Record<string, string> = {};
  const add = (path: string): void => {
    files[relative(root, path).split(sep).join('/')] = path;
  };
  for (const word of wordsOf(params.run)) {
    const path = resolve(root, word);
    if (path.startsWith(root + sep) && isFile(path)) add(path);
  }
  for (const pattern of params.files) {
    if (isFile(resolve(root, pattern))) {
      add(resolve(root, pattern));
      continue;
    }
    const { glob } = await import('tinyglobby');
    const found = await glob(pattern, { cwd: root, absolute: true, dot: true, expandDirectories: true });
    if (found.length === 0) {
      const hint = `patterns are relative to ${root}`;
      return err(failure('command-files', `no file fits "${pattern}"`, { hint }));
    }
    for (const path of found) add(path);
  }
  const sorted = Object.fromEntries(Object.entries(files).sort(([left], [right]) => (left < right ? -1 : 1)));
  return ok({ files: sorted, identity: {}, notice: '' });
}

/** Words of a shell text are those between blanks and the shell's own characters: enough to find names of files. */
function wordsOf(run: CommandParams['run']): readonly string[] {
  return typeof run === 'string' ? run.split(/[\s;&|<>()'"`$=]+/).filter((word) => word !== '') : run;
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
