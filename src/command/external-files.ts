import { statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { failure } from '../errors/failure.ts';
import type { ExternalContext, ExternalInputs } from '../stage/stage-kind.ts';
import { err, ok, type Result } from '../util/result.ts';
import { isPattern, namedWords } from './named-words.ts';
import type { CommandParams } from './params.ts';

type Where = Pick<ExternalContext<CommandParams>, 'root' | 'store'>;

/**
 * The files that a program reads: those that `files` names, and those that its arguments name, so that an edited script
 * runs again without being declared. Names are relative to the project's root: another checkout has the same.
 * Errors: a pattern that nothing fits.
 */
export async function commandFiles({
  params,
  root,
  store,
}: ExternalContext<CommandParams>): Promise<Result<ExternalInputs>> {
  const paths = new Set(await filesOfArguments(params.run, { root, store }));
  for (const pattern of params.files) {
    const path = resolve(root, pattern);
    const found = isFile(path) ? [path] : await filesOf([pattern], { root, store }, true);
    if (found.length === 0) {
      const hint = `patterns are relative to ${root}`;
      return err(failure('command-files', `no file fits "${pattern}"`, { hint }));
    }
    for (const one of found) paths.add(one);
  }
  const named = [...paths].map((path): [string, string] => [relative(root, path).split(sep).join('/'), path]);
  return ok({
    files: Object.fromEntries(named.sort(([left], [right]) => (left < right ? -1 : 1))),
    identity: {},
    notice: '',
  });
}

async function filesOfArguments(run: CommandParams['run'], where: Where): Promise<string[]> {
  const words =
    typeof run === 'string' ? namedWords(run) : run.flatMap((argument) => [argument, ...namedWords(argument)]);
  const inside = (path: string): boolean => path.startsWith(where.root + sep);
  const named = words.map((word) => resolve(where.root, word)).filter((path) => inside(path) && isFile(path));
  const patterns = words.filter(isPattern);
  if (patterns.length === 0) return named;
  return [...named, ...(await filesOf(patterns, where, false)).filter(inside)];
}

/** Files by pattern: not the store, which grows with each run, nor what Python compiles beside its modules. */
async function filesOf(patterns: readonly string[], { root, store }: Where, hidden: boolean): Promise<string[]> {
  const { escapePath, glob } = await import('tinyglobby');
  const ownFiles = `${escapePath(relative(root, resolve(store)).split(sep).join('/'))}/**`;
  const ignore = ['**/__pycache__/**', '**/.git/**', ownFiles];
  return glob([...patterns], { cwd: root, absolute: true, dot: hidden, expandDirectories: hidden, ignore });
}

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  } catch {
    // A word that can be no name of a file: too long, or through a folder that is closed.
    return false;
  }
}
