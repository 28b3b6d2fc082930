import { isJsonObject, type Json, type JsonObject } from '../util/json.ts';

/** A parameter that two runs have of different values. */
export interface Factor {
  /** `fit.cnn.epochs` */
  readonly name: string;
  readonly path: readonly string[];
  /** Undefined where one of the runs has no such parameter. */
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** The parameters in which two runs differ, leaf by leaf; where those are more than `most`, by the maps that they lie in. */
export function factorsOf(before: JsonObject, after: JsonObject, most: number): Factor[] {
  for (let depth = 8; depth > 1; depth--) {
    const factors = differences(before, after, [], depth);
    if (factors.length <= most) return factors;
  }
  return differences(before, after, [], 1);
}

function differences(before: JsonObject, after: JsonObject, path: readonly string[], depth: number): Factor[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key): Factor[] => {
    const [old, now] = [entryOf(before, key), entryOf(after, key)];
    if (JSON.stringify(old) === JSON.stringify(now)) return [];
    const here = [...path, key];
    if (isJsonObject(old) && isJsonObject(now) && here.length < depth) return differences(old, now, here, depth);
    return [{ name: here.join('.'), path: here, before: old, after: now }];
  });
}

function entryOf(map: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** The parameters of the first run with some of the second's: the factors whose bits are in `set`. */
export function hybrid(before: JsonObject, factors: readonly Factor[], set: number): JsonObject {
  return factors.reduce(
    (params, { path, after }, at) => ((set >> at) & 1 ? withValue(params, path, after) : params),
    before,
  );
}

function withValue(params: JsonObject, [key = '', ...rest]: readonly string[], value: Json | undefined): JsonObject {
  const entries = Object.entries(params).filter(([name]) => name !== key);
  const inner = entryOf(params, key);
  const set = rest.length === 0 ? value : withValue(isJsonObject(inner) ? inner : {}, rest, value);
  // Not by assignment: a key such as __proto__ must stay a key.
  return Object.fromEntries(set === undefined ? entries : [...entries, [key, set]]);
}
