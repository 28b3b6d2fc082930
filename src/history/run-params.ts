import type { PastRun } from '../plan/runs.ts';
import { isJsonObject, type Json, type JsonObject } from '../util/json.ts';

/** A parameter with its value in each of some runs; undefined where a run has none. */
export interface ParamRow {
  /** `fit.cnn.epochs` */
  readonly name: string;
  readonly values: readonly (Json | undefined)[];
}

/** The parameters of runs, leaf by leaf: all of them, or those in which the runs differ. */
export function paramsOfRuns(runs: readonly PastRun[], { all }: { readonly all: boolean }): ParamRow[] {
  const leaves = runs.map(({ params }) => new Map(leavesOf(params, '')));
  const names = [...new Set(leaves.flatMap((of) => [...of.keys()]))];
  return names
    .map((name) => ({ name, values: leaves.map((of) => of.get(name)) }))
    .filter(({ values }) => all || new Set(values.map((value) => JSON.stringify(value))).size > 1);
}

function leavesOf(value: JsonObject, path: string): [string, Json][] {
  return Object.entries(value).flatMap(([key, inner]): [string, Json][] => {
    const name = path === '' ? key : `${path}.${key}`;
    return isJsonObject(inner) && Object.keys(inner).length > 0 ? leavesOf(inner, name) : [[name, inner]];
  });
}
