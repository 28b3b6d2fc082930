import type { ImageOptions } from './dataset-format.ts';

/**
 * The class that a folder's name means, undefined when it means none. `case`: `upper_A`, `A_upper`, `lower_a`, and
 * digits as they are. `hex`: the ASCII code, as NIST Special Database 19 names its folders (`41` is A).
 */
export function classOfFolder(name: string, names: NonNullable<ImageOptions['names']>): string | undefined {
  if (names === 'class') return name;
  if (names === 'hex') {
    const code = /^[0-9a-f]{2}$/i.test(name) ? Number.parseInt(name, 16) : 0;
    return code > 32 && code < 127 ? String.fromCharCode(code) : undefined;
  }
  if (/^\d$/.test(name)) return name;
  const match = /^(upper|lower|digit)[-_ ]?([a-z0-9])$/i.exec(name) ?? /^([a-z0-9])[-_ ]?(upper|lower)$/i.exec(name);
  if (match === null) return undefined;
  const [, one = '', other = ''] = match;
  const [which, character] = one.length > 1 ? [one.toLowerCase(), other] : [other.toLowerCase(), one];
  if (/\d/.test(character)) return which === 'digit' ? character : undefined;
  if (which === 'digit') return undefined;
  return which === 'upper' ? character.toUpperCase() : character.toLowerCase();
}
