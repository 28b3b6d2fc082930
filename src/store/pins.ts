import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isUlid } from '../util/ulid.ts';
import { replaceFile } from './durable.ts';
import type { StoreLayout } from './layout.ts';

/** A name that keeps a run: nothing that the run made is ever evicted. */
export interface Pin {
  readonly name: string;
  readonly run: string;
}

/** What a pin may be called: it becomes a file name. */
export const pinName = /^[A-Za-z_][A-Za-z0-9._-]{0,63}$/;

/** All pins of a store, by name. */
export function listPins(layout: StoreLayout): Pin[] {
  let names: string[];
  try {
    names = readdirSync(layout.pins)
      .filter((name) => pinName.test(name))
      .sort();
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const run = pinnedRun(layout, name);
    return run === undefined ? [] : [{ name, run }];
  });
}

/** The run that a name pins. */
export function pinnedRun(layout: StoreLayout, name: string): string | undefined {
  if (!pinName.test(name)) return undefined;
  try {
    const run = readFileSync(join(layout.pins, name), 'utf8').trim();
    return isUlid(run) ? run : undefined;
  } catch {
    return undefined;
  }
}

/** Pins a run under a name, which must fit `pinName`; a name that pinned another run moves to this one. */
export function pinRun(layout: StoreLayout, name: string, run: string, temporary: string): void {
  replaceFile(join(layout.pins, name), `${run}\n`, temporary);
}

/** Takes a pin away; whether there was one. */
export function removePin(layout: StoreLayout, name: string): boolean {
  if (pinnedRun(layout, name) === undefined) return false;
  rmSync(join(layout.pins, name), { force: true });
  return true;
}
