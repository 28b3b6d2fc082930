/** Shown where a value is not known. */
export const unknown = '–';

/** A whole number with thousands separators: 116,323. */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A score between 0 and 1 with four digits, as papers print it: 0.8363. */
export function score(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? unknown : value.toFixed(4);
}

/** A share as a percentage with one digit: 83.6 %. */
export function percent(value: number): string {
  return `${(value * 100).toFixed(1)}\u00a0%`;
}

/** At most `digits` significant digits, without an exponent. */
export function significant(value: number, digits: number): string {
  if (value === 0 || !Number.isFinite(value)) return Number.isFinite(value) ? '0' : unknown;
  const decimals = Math.max(0, Math.min(8, digits - 1 - Math.floor(Math.log10(Math.abs(value)))));
  return decimals === 0 ? count(value) : value.toFixed(decimals);
}

/** A large number with three digits and a unit: 1.89 M. */
export function shortNumber(value: number): string {
  const units = [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const;
  const [size, unit] = units.find(([one]) => value >= one) ?? [1, ''];
  return unit === '' ? count(value) : `${significant(value / size, 3)}\u00a0${unit}`;
}

/** A duration for people: 0.42 s, 80.9 s, 2 min 57 s, 9 h 12 min. */
export function duration(seconds: number | undefined): string {
  if (seconds === undefined || !Number.isFinite(seconds)) return unknown;
  if (seconds < 120) return `${seconds < 10 ? seconds.toFixed(2) : seconds.toFixed(1)}\u00a0s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)}\u00a0min ${whole % 60}\u00a0s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)}\u00a0h ${minutes % 60}\u00a0min`;
}

/** Milliseconds with three significant digits: 0.143 ms. */
export function milliseconds(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? unknown : `${significant(value, 3)}\u00a0ms`;
}

/** The first characters of a text, with an ellipsis where some are left out. */
export function shortened(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}

/** A list in a sentence: "a, b and c". */
export function listed(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items[items.length - 1] ?? ''}`;
}

/** "1 row", "2 rows". */
export function counted(value: number, one: string, many: string): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}
