import type { Context } from 'hono';

/** A text in the JSON of a request's body, which may be anything; undefined where it has no such text. */
export async function textIn(context: Context, name: string): Promise<string | undefined> {
  const body: unknown = await context.req.json().catch(() => undefined);
  const value =
    typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>)[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}
