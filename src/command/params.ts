import type { JsonObject } from '../util/json.ts';

/** `with:` of a stage that runs a program. */
export interface CommandParams {
  /** A program and its arguments, or a text for the shell. */
  readonly run: readonly string[] | string;
  /** Files that the program reads, as patterns relative to the project. */
  readonly files: readonly string[];
  /** Values for the program, as JSON. */
  readonly params?: JsonObject;
  /** Seconds after which the program is stopped. */
  readonly timeout?: number;
}
