import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { type Failure, failure } from '../errors/failure.ts';

/**
 * What is wrong with the name of a program, if anything: looked for as execvp(3) does, in `path` (the variable PATH), or
 * from `root` where the name has a slash. Found out before the start, because afterwards the shell's exit codes 126
 * and 127 may as well come from the program itself.
 */
export function programMistake(program: string, root: string, path: string | undefined): Failure | undefined {
  const hint = 'install it, or give the path of the program';
  if (program.includes('/')) {
    const file = resolve(root, program);
    if (!isFile(file)) return failure('command-missing', `there is no program ${program} in the project`, { hint });
    return isExecutable(file) ? undefined : notExecutable(program);
  }
  // Without PATH the system looks where it likes.
  if (path === undefined) return undefined;
  const found = path.split(delimiter).some((folder) => {
    const file = join(folder === '' ? root : resolve(root, folder), program);
    return isFile(file) && isExecutable(file);
  });
  return program !== '' && found
    ? undefined
    : failure('command-missing', `there is no program ${program === '' ? '""' : program} on PATH`, { hint });
}

function notExecutable(program: string): Failure {
  const hint = `chmod +x ${program}, or start it by its interpreter: run: [sh, ${program}]`;
  return failure('command-missing', `${program} is not executable`, { hint });
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
