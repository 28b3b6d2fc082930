import type { Json, JsonObject } from '../util/json.ts';
import type { Family, SearchFacts } from './study.ts';

/** A hyperparameter whose best value is the smallest or largest that was tried. */
export interface EdgeNote {
  readonly axis: string;
  readonly value: number;
  readonly edge: 'smallest' | 'largest';
  readonly tried: readonly number[];
}

/** A hyperparameter that a final fit used although the search never tried that value. */
export interface UntriedNote {
  readonly axis: string;
  readonly value: Json;
  readonly tried: readonly Json[];
}

/** The combination that the search settled on. */
export function selectedParams(search: SearchFacts): JsonObject | undefined {
  return search.combinations.find((one) => one.selected)?.params;
}

/** Numeric axes with at least three values whose selected value lies at an end: the optimum may lie beyond. */
export function edgeNotes(search: SearchFacts): EdgeNote[] {
  const params = selectedParams(search) ?? {};
  return search.axes.flatMap(({ name, values }): EdgeNote[] => {
    const tried = values.filter((value) => typeof value === 'number');
    const value = params[name];
    if (tried.length < 3 || tried.length < values.length || typeof value !== 'number') return [];
    if (value === tried[0]) return [{ axis: name, value, edge: 'smallest', tried }];
    return value === tried[tried.length - 1] ? [{ axis: name, value, edge: 'largest', tried }] : [];
  });
}

/** Axes of the search on which the final fit took a value that was not among those tried. */
export function untriedNotes(family: Family): UntriedNote[] {
  const used = family.model?.hyperparameters ?? {};
  return (family.search?.axes ?? []).flatMap(({ name, values }): UntriedNote[] => {
    const value = used[name];
    if (value === undefined) return [];
    const known = values.some((one) => JSON.stringify(one) === JSON.stringify(value));
    return known ? [] : [{ axis: name, value, tried: values }];
  });
}

/** A hyperparameter's value for people. */
export function valueText(value: Json | undefined): string {
  if (value === undefined) return '–';
  if (value === null) return 'default';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
