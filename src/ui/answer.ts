import type { Context } from 'hono';
import type { Result } from '../util/result.ts';

/** An answer of something that may fail: the value, or the failure with a status that says so. */
export function answer<Value>(context: Context, result: Result<Value>): Response {
  if (result.ok) return context.json(result.value ?? {});
  return context.json(result.error, result.error.code === 'artifact-gone' ? 404 : 409);
}
