import { InvalidArgumentError, Option } from 'commander';
import { parseGpus } from '../machine/settings.ts';
import { parseSize } from '../util/size.ts';

/** A whole number of at least 1. */
export function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('it must be a whole number of at least 1.');
  return value;
}

/** A whole number of at least 0. */
export function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('it must be a whole number of at least 0.');
  return value;
}

/** Bytes: 12GB, 512MiB. */
export function size(text: string): number {
  const bytes = parseSize(text);
  if (bytes === undefined || bytes < 1) throw new InvalidArgumentError('it must be a size like 12GB or 512MiB.');
  return bytes;
}

/** A number of at least 0. */
export function tolerance(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && Number.isFinite(value))) throw new InvalidArgumentError('it must be a number of at least 0.');
  return value;
}

/** GPUs by index or UUID, or none. */
export function gpus(text: string): readonly string[] {
  const names = parseGpus(text);
  if (names === undefined) throw new InvalidArgumentError('it must be indices or UUIDs with commas between, or none.');
  return names;
}

/** More than 0 and at most 100, with or without the sign. */
export function percent(text: string): number {
  const value = Number(text.replace(/%$/, ''));
  if (!(value > 0 && value <= 100)) throw new InvalidArgumentError('it must be more than 0 and at most 100.');
  return value;
}

/** Values of an option that may be repeated. */
export function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

/** Where artifacts are kept. */
export const storeOption = new Option(
  '--store <folder>',
  'where artifacts are kept (default: artifacts/ of the project)',
).env('PIPE_STORE');

/** How much is told. */
export function logLevelOption(): Option {
  return new Option('--log-level <level>', 'what to tell beside the end; debug adds workers and what jobs print')
    .choices(['error', 'warning', 'info', 'debug'])
    .default('info');
}
