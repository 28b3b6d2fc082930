import { constants } from 'node:os';
import { type Failure, failure } from '../errors/failure.ts';
import type { Ended } from './program-process.ts';

/** A shell's exit code for a child that a signal ended is 128 and the signal's number. */
const signalBase = 128;

/** What to tell of a program that ended badly by itself; `lines` are the last that it printed. */
export function programFailure(program: string, ended: Ended, lines: readonly string[]): Failure {
  const detail = lines.length === 0 ? undefined : lines.join('\n');
  if (ended.error !== undefined) {
    const hint = ended.error === 'E2BIG' ? 'its arguments are too long: give them by params: or a file' : undefined;
    return failure('command-start', `${program} could not be started (${ended.error})`, { hint, detail });
  }
  const signal = ended.signal ?? signalOf(ended.exitCode ?? 0);
  const hint =
    signal === 'SIGKILL'
      ? 'the system kills a process like this when memory runs out: try fewer workers with --workers'
      : undefined;
  const how =
    ended.exitCode === null
      ? `was ended by ${signal}`
      : `ended with exit code ${ended.exitCode}${signal === undefined ? '' : ` (${signal})`}`;
  return failure('command-failed', `${program} ${how}`, { hint, detail });
}

function signalOf(exitCode: number): string | undefined {
  return Object.entries(constants.signals).find(([, number]) => number === exitCode - signalBase)?.[0];
}
