import type { Failure } from '../errors/failure.ts';

/** The outcome of something a user can make fail. Our own bugs throw; everything else is one of these. */
export type Result<Value, Problem = Failure> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: Problem };

/** A success with its value. */
export function ok(): Result<void, never>;
export function ok<Value>(value: Value): Result<Value, never>;
export function ok(value?: unknown): Result<unknown, never> {
  return { ok: true, value };
}

/** A failure with what went wrong. */
export function err<Problem>(error: Problem): Result<never, Problem> {
  return { ok: false, error };
}
