import type { Json, JsonObject } from '../util/json.ts';

/** One fit that a search wants: a combination on one fold, up to an epoch. */
export interface WantedFit {
  readonly combination: JsonObject;
  /** From 0. */
  readonly fold: number;
  /** The epoch after which it is scored. */
  readonly until: number;
  /** The epoch from which it goes on: an earlier fit of the same combination and fold ended there. 0: from the start. */
  readonly from: number;
}

/** What a search decided about a combination, and by what. */
export interface Decision {
  /** From 1. */
  readonly round: number;
  readonly combination: JsonObject;
  /** Epochs of the fits that it was judged by. */
  readonly epochs: number;
  /** Mean score of the folds so far; NaN where a fit diverged. */
  readonly mean: number;
  readonly kept: boolean;
  readonly reason: string;
}

/** A combination with all its folds at one number of epochs: a row of the results. */
export interface ResultRow {
  readonly combination: JsonObject;
  readonly epochs: number;
  /** The round that asked for it, from 0 (scikit-learn's `iter`). */
  readonly round: number;
  /** By fold; shorter than the folds where the search gave the combination up before. */
  readonly fits: readonly WantedFit[];
}

export interface SearchOutcome {
  readonly rows: readonly ResultRow[];
  /** Rows among which the winner is: those with all folds and all epochs. */
  readonly finalists: readonly ResultRow[];
  readonly decisions: readonly Decision[];
}

/** Scores of fits that were asked for; NaN where one diverged. */
export type ScoreOf = (fit: WantedFit) => number;

/**
 * A search as a conversation: it asks for fits, is given their scores, and asks for more. It depends on scores alone, so that it
 * can be led again with the same answers: by a run that resumes, and by the job that collects the results.
 */
export type Search = Generator<readonly WantedFit[], SearchOutcome, ScoreOf>;

/** What is searched. */
export interface SearchSpace {
  /** All combinations of the grid, in its order. */
  readonly combinations: readonly JsonObject[];
  /** Values of each axis, as the grid has them. */
  readonly axes: Readonly<Record<string, readonly Json[]>>;
  /** The model's own values of the axes: where a search starts that goes from one combination to the next. */
  readonly start: JsonObject;
  readonly folds: number;
  /** Rows that a fold scores, about. */
  readonly foldRows: number;
  /** Epochs of the whole fit of a combination. */
  readonly epochsOf: (combination: JsonObject) => number;
}

/** A name for a combination that does not depend on the order of its axes. */
export function combinationKey(combination: JsonObject): string {
  return JSON.stringify(Object.entries(combination).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** A name for a fit: equal names, equal fits. */
export function fitKey({ combination, fold, until }: WantedFit): string {
  return `${combinationKey(combination)} ${fold} ${until}`;
}

/** All folds of a combination, whole fits from the start. */
export function wholeFits(space: SearchSpace, combination: JsonObject): WantedFit[] {
  const until = space.epochsOf(combination);
  return Array.from({ length: space.folds }, (_, fold) => ({ combination, fold, until, from: 0 }));
}

/** Fits of several combinations, the first fold of each before the second of any. */
export function foldByFold(rows: readonly (readonly WantedFit[])[]): WantedFit[] {
  const most = Math.max(0, ...rows.map((fits) => fits.length));
  return Array.from({ length: most }, (_, fold) => rows.flatMap((fits) => fits[fold] ?? [])).flat();
}

/** Mean score of some fits; NaN where one of them diverged, or of none. */
export function meanScore(fits: readonly WantedFit[], scoreOf: ScoreOf): number {
  return fits.reduce((sum, fit) => sum + scoreOf(fit), 0) / fits.length;
}

/** From the best to the worst; those that diverged come last, equals stay in their order. */
export function byScore<Item>(items: readonly Item[], scoreOf: (item: Item) => number): Item[] {
  const comparable = (item: Item): number => {
    const score = scoreOf(item);
    return Number.isNaN(score) ? Number.NEGATIVE_INFINITY : score;
  };
  return items
    .map((item, index) => ({ item, index, score: comparable(item) }))
    .sort((one, other) => (one.score === other.score ? one.index - other.index : other.score - one.score))
    .map(({ item }) => item);
}
