import { type Failure, formatFailure } from '../errors/failure.ts';
import { plural } from '../terminal/format.ts';

/** Prints failures to standard error, as compilers do. */
export function printFailures(failures: readonly Failure[]): void {
  for (const problem of failures) process.stderr.write(`${formatFailure(problem)}\n`);
  if (failures.length > 1) process.stderr.write(`${plural(failures.length, 'mistake')}\n`);
}
