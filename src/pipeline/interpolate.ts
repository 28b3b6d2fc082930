import { isJsonObject, type Json, type JsonObject } from '../util/json.ts';
import { suggestion } from '../util/suggest.ts';

/** A mistake inside a text: where in the text (characters from 0), what, and what would be right. */
export interface ReferenceMistake {
  readonly path: readonly (string | number)[];
  readonly offset: number;
  readonly message: string;
  readonly hint: string;
}

/** Names that `${…}` can refer to, by their first word. */
export type Scope = Readonly<Record<string, Json>>;

const reference = /\$(\$?)\{([^}]*)\}/g;

/**
 * Replaces `${path}` in all texts of a value. A text that is one whole reference takes the type of what it refers to;
 * inside a longer text the value is written out. `$${` stands for a plain `${`. References whose first word is in
 * `deferred` are left as they are, for whoever knows their values.
 */
export function interpolate(
  value: Json,
  scope: Scope,
  deferred: readonly string[] = [],
): { readonly value: Json; readonly mistakes: readonly ReferenceMistake[] } {
  const mistakes: ReferenceMistake[] = [];
  const walk = (node: Json, path: readonly (string | number)[]): Json => {
    if (typeof node === 'string') return text(node, path);
    if (Array.isArray(node)) return node.map((item: Json, index) => walk(item, [...path, index]));
    if (isJsonObject(node))
      return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, walk(item, [...path, key])]));
    return node;
  };
  const text = (source: string, path: readonly (string | number)[]): Json => {
    if (!source.includes('${')) return source;
    const whole = /^\$\{([^}]*)\}$/.exec(source);
    const look = (expression: string, offset: number): Json | undefined => {
      const found = lookUp(expression.trim(), scope);
      if (found.ok) return found.value;
      mistakes.push({ path, offset, message: found.message, hint: found.hint });
      return undefined;
    };
    const isDeferred = (expression: string): boolean => deferred.includes(/^[\w-]*/.exec(expression.trim())?.[0] ?? '');
    if (whole !== null) return isDeferred(whole[1] ?? '') ? source : (look(whole[1] ?? '', 0) ?? source);
    return source.replace(reference, (match: string, escaped: string, expression: string, offset: number) => {
      if (escaped !== '') return match.slice(1);
      if (isDeferred(expression)) return match;
      const found = look(expression, offset);
      if (found === undefined) return match;
      if (typeof found === 'object') {
        mistakes.push({
          path,
          offset,
          message: `\${${expression}} is a ${Array.isArray(found) ? 'list' : 'map'}, which cannot stand inside a text`,
          hint: 'use it as the whole value',
        });
        return match;
      }
      return String(found);
    });
  };
  return { value: walk(value, []), mistakes };
}

type LookUp =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly message: string; readonly hint: string };

/** Finds what a path such as `params.grid[matrix.model]` refers to. */
function lookUp(expression: string, scope: Scope): LookUp {
  const fail = (message: string, hint: string): LookUp => ({ ok: false, message, hint });
  const steps = /^([A-Za-z_][\w-]*)((?:\.[\w-]+|\[[^\]]+\])*)$/.exec(expression);
  if (steps === null)
    return fail(`\${${expression}} is not a path`, 'write it like ${params.name} or ${params.grid[matrix.model]}');
  let current: Json = scope as JsonObject;
  let walked = '';
  for (const [, dotted, bracketed] of `.${steps[1]}${steps[2]}`.matchAll(/\.([\w-]+)|\[([^\]]+)\]/g)) {
    let step = dotted ?? bracketed ?? '';
    if (bracketed !== undefined && !/^\d+$/.test(bracketed)) {
      const inner = lookUp(bracketed, scope);
      if (!inner.ok) return inner;
      step = String(inner.value);
    }
    const container: Json = current;
    const known: string[] = Array.isArray(container)
      ? container.map((_, index) => String(index))
      : isJsonObject(container)
        ? Object.keys(container)
        : [];
    if (!known.includes(step)) {
      const inside = walked === '' ? '' : ` in ${walked}`;
      return fail(`\${${expression}}: there is no "${step}"${inside}`, suggestion(step, known));
    }
    current = (container as unknown as Record<string, Json>)[step] as Json;
    walked = walked === '' ? step : `${walked}.${step}`;
  }
  return { ok: true, value: current };
}
