import { type Failure, failure } from './failure.ts';

interface SystemError extends Error {
  readonly code: string;
  readonly path?: string;
}

/** Whether an unknown caught value is an error of the operating system (ENOENT, ENOSPC …). */
export function isSystemError(problem: unknown): problem is SystemError {
  return problem instanceof Error && typeof (problem as { code?: unknown }).code === 'string';
}

/** Whether it is the system that failed (ENOSPC, EIO …), not a wrong call of ours (ERR_…). */
export function isDiskError(problem: unknown): problem is SystemError {
  return isSystemError(problem) && /^E(?!RR_)[A-Z0-9]+$/.test(problem.code);
}

const meanings: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder, not a file',
  EMFILE: 'too many open files',
  EIO: 'the disk reported an input/output error',
  EEXIST: 'it exists already',
};

/** Turns an operating system error into a failure that says what was being done; anything else is our bug and is thrown on. */
export function systemFailure(doing: string, problem: unknown, hint?: string): Failure {
  if (!isSystemError(problem)) throw problem;
  const meaning = meanings[problem.code] ?? problem.message;
  const path = problem.path === undefined ? '' : ` ${problem.path}`;
  return failure(`system-${problem.code.toLowerCase()}`, `${doing}: ${meaning} (${problem.code})${path}`, { hint });
}
