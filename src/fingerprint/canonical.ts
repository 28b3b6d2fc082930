/**
 * One text for one value, and never the same text for two values. Each value has a tag for its type; texts, lists
 * and maps carry their length, so that nothing inside can be mistaken for structure (as netstrings do); map keys
 * stand in code-point order. A value that has no place here (undefined, NaN, a function, a lone surrogate) is a bug
 * of the caller and throws: dropping it would make different jobs look alike.
 */
export function canonical(value: unknown): string {
  if (value === null) return 'n';
  switch (typeof value) {
    case 'boolean':
      return value ? 't' : 'f';
    case 'number':
      if (!Number.isFinite(value)) throw new Error(`${value} cannot be part of a fingerprint`);
      // JavaScript's shortest decimal form is unique for each number; only the two zeros need to be made one.
      return sized('d', Object.is(value, -0) ? '0' : String(value));
    case 'string':
      if (!value.isWellFormed()) throw new Error('a text with a lone surrogate cannot be part of a fingerprint');
      return sized('s', value);
    case 'object':
      return Array.isArray(value) ? list(value) : map(value as Record<string, unknown>);
    default:
      throw new Error(`a value of type ${typeof value} cannot be part of a fingerprint`);
  }
}

function sized(tag: string, text: string): string {
  return `${tag}${Buffer.byteLength(text)}:${text}`;
}

function list(values: readonly unknown[]): string {
  return `l${values.length}:${Array.from(values, canonical).join('')}`;
}

function map(value: Record<string, unknown>): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    throw new Error('only plain data can be part of a fingerprint');
  const keys = Object.keys(value).sort(byCodePoint);
  return `m${keys.length}:${keys.map((key) => sized('s', key) + canonical(value[key])).join('')}`;
}

/** Order by code point. The language's own order is by UTF-16 unit, which puts U+10000 before U+FFFF. */
function byCodePoint(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
