import type { Declaration, ModuleSummary } from './module-summary.ts';

/** Where a name that a module uses is declared. */
export interface Place {
  readonly file: string;
  readonly declaration: Declaration;
}

/** Finds the declarations behind a local name, also in another module; undefined where they are not the project's. */
export type FindPlaces = (file: string, name: string) => readonly Place[] | undefined;

/** A declaration as the closure names it. */
export interface Entry {
  readonly key: string;
  readonly value: string;
  readonly effect: boolean;
}

/**
 * The keys and values of a module's declarations. A key is the declared names, or for a statement its place among the
 * module's effects; so an unreached function above changes nothing. A value is the digest, and for what is not there
 * from the start, the number of effects before it: code that reads what these changed depends on the order.
 */
export function layout(file: string, summary: ModuleSummary, find: FindPlaces): readonly Entry[] {
  let effects = 0;
  const used = new Map<string, number>();
  return summary.declarations.map((declaration) => {
    const effect = declaration.effect === 'always' || !declaration.effect.every((name) => isPure(file, name, find));
    const value = effects === 0 || declaration.hoisted ? declaration.digest : `${declaration.digest} after ${effects}`;
    if (effect) effects++;
    const name = declaration.names.join(',') || `effect ${effects}`;
    const times = (used.get(name) ?? 0) + 1;
    used.set(name, times);
    return { key: times === 1 ? name : `${name} (${times})`, value, effect };
  });
}

/** Whether a function changes nothing outside of itself: if none of those that it leads to does. */
function isPure(file: string, name: string, find: FindPlaces): boolean {
  const seen = new Set<Declaration>();
  const check = (from: string, condition: string): boolean => {
    const isCall = condition.endsWith('()');
    const places = find(from, isCall ? condition.slice(0, -2) : condition);
    if (places === undefined || places.length === 0) return false;
    return places.every((place) => {
      const { declaration } = place;
      if (seen.has(declaration) || (!isCall && declaration.data)) return true;
      seen.add(declaration);
      return declaration.pureIf?.every((next) => check(place.file, next)) ?? false;
    });
  };
  return check(file, name);
}
