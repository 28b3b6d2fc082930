/** A place in a file that a person can jump to; line and column count from 1. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Something that a user can cause: a mistake in the YAML, a truncated file, a full disk.
 * `message` says what was wrong and what was got; `hint` says what would be right.
 */
export interface Failure {
  /** A stable kebab-case name, for programs. */
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly location?: Location;
  /** Last lines of a log, or a file's excerpt, shown indented below the message. */
  readonly detail?: string;
}

/** Makes a failure; undefined options are left out, so that failures compare and serialise cleanly. */
export function failure(
  code: string,
  message: string,
  more: { hint?: string | undefined; location?: Location | undefined; detail?: string | undefined } = {},
): Failure {
  return {
    code,
    message,
    ...(more.hint === undefined ? {} : { hint: more.hint }),
    ...(more.location === undefined ? {} : { location: more.location }),
    ...(more.detail === undefined ? {} : { detail: more.detail }),
  };
}

/** `file:line:column: message`, the hint and the detail below it, as compilers print it. */
export function formatFailure(problem: Failure): string {
  const where = problem.location;
  const head = where === undefined ? '' : `${where.file}:${where.line}:${where.column}: `;
  const lines = [`${head}${problem.message}`];
  if (problem.detail !== undefined) {
    lines.push(...problem.detail.split('\n').map((line) => `    ${line}`));
  }
  if (problem.hint !== undefined) lines.push(`  ${problem.hint}`);
  return lines.join('\n');
}
