import type { Column, TableData } from '../artifact/column.ts';
import type { Json, JsonObject } from '../util/json.ts';
import type { Decision } from './search.ts';
import { mean, ranks, standardDeviation } from './statistics.ts';

/** What one combination scored on one fold. */
export interface FoldScore {
  /** NaN where the fit diverged. */
  readonly score: number;
  readonly fitSeconds: number;
  readonly scoreSeconds: number;
}

/** One combination with its scores, fold by fold; fewer than there are folds where the search gave it up before. */
export interface CombinationScores {
  readonly combination: JsonObject;
  readonly folds: readonly FoldScore[];
  /** Of a search that does not fit all of them whole: epochs of the fits, and the round that asked for them. */
  readonly partial?: { readonly epochs: number; readonly round: number };
  /** May be the winner: all folds, all epochs. True where nothing is said. */
  readonly isFinalist?: boolean;
}

function numbers(name: string, values: readonly number[]): Column {
  return { name, kind: 'number', values: Float64Array.from(values) };
}

/** Values of a hyperparameter; of a combination that has none of it, of another grid, NaN or null. */
function paramColumn(name: string, values: readonly (Json | undefined)[]): Column {
  const column = `param_${name}`;
  if (values.every((value) => typeof value === 'number' || value === undefined))
    return numbers(
      column,
      values.map((value) => (value === undefined ? Number.NaN : Number(value))),
    );
  const textOf = (value: Json | undefined): string | null => {
    if (value === null || value === undefined) return null;
    return typeof value === 'string' ? value : JSON.stringify(value);
  };
  return { name: column, kind: 'text', values: values.map(textOf) };
}

function foldColumns(results: readonly CombinationScores[]): Column[] {
  const folds = Math.max(0, ...results.map((result) => result.folds.length));
  return Array.from({ length: folds }, (_, fold) =>
    numbers(
      `split${fold}_test_score`,
      results.map((result) => result.folds[fold]?.score ?? Number.NaN),
    ),
  );
}

function scoreColumns(results: readonly CombinationScores[]): Column[] {
  const scores = results.map((result) => result.folds.map((fold) => fold.score));
  return [
    ...foldColumns(results),
    numbers('mean_test_score', scores.map(mean)),
    numbers('std_test_score', scores.map(standardDeviation)),
  ];
}

/**
 * The search as a table with the columns of scikit-learn's `GridSearchCV.cv_results_`, in its order
 * (mean_fit_time … rank_test_score), one row a combination; of a search that does not fit all of them whole, one row a combination and
 * number of epochs, and columns of ours: pipe_epochs, pipe_round and pipe_folds say of what, pipe_rank puts those first that may win.
 */
export function cvResults(
  results: readonly CombinationScores[],
  metadata: Readonly<Record<string, string>>,
): TableData {
  const times = (pick: (fold: FoldScore) => number): number[][] => results.map((result) => result.folds.map(pick));
  const fit = times((fold) => fold.fitSeconds);
  const score = times((fold) => fold.scoreSeconds);
  const axes = [...new Set(results.flatMap((result) => Object.keys(result.combination)))].sort();
  return {
    metadata,
    columns: [
      numbers('mean_fit_time', fit.map(mean)),
      numbers('std_fit_time', fit.map(standardDeviation)),
      numbers('mean_score_time', score.map(mean)),
      numbers('std_score_time', score.map(standardDeviation)),
      ...axes.map((axis) =>
        paramColumn(
          axis,
          results.map((result) => result.combination[axis]),
        ),
      ),
      { name: 'params', kind: 'text', values: results.map((result) => JSON.stringify(result.combination)) },
      ...scoreColumns(results),
      { name: 'rank_test_score', kind: 'number', values: ranks(meansOf(results)) },
      ...partialColumns(results),
      ...(isPartial(results) ? [{ name: 'pipe_rank', kind: 'number' as const, values: rankOf(results) }] : []),
    ],
  };
}

function meansOf(results: readonly CombinationScores[]): number[] {
  return results.map((result) => mean(result.folds.map((fold) => fold.score)));
}

function isPartial(results: readonly CombinationScores[]): boolean {
  return results.some(({ partial }) => partial !== undefined);
}

/** Those that may win come first, by their means; then the others, by theirs. */
function rankOf(results: readonly CombinationScores[]): Int32Array {
  const means = meansOf(results);
  const isFinalist = results.map((result) => result.isFinalist !== false);
  const within = (finalists: boolean): Int32Array =>
    ranks(means.map((value, index) => (isFinalist[index] === finalists ? value : Number.NEGATIVE_INFINITY)));
  const [first, then] = [within(true), within(false)];
  const before = isFinalist.filter(Boolean).length;
  return Int32Array.from(results, (_, index) =>
    isFinalist[index] ? (first[index] ?? 0) : before + (then[index] ?? 0),
  );
}

/** Ours, where a search does not fit every combination whole: scikit-learn's searches have no such columns. */
function partialColumns(results: readonly CombinationScores[]): Column[] {
  if (!isPartial(results)) return [];
  return [
    numbers(
      'pipe_epochs',
      results.map(({ partial }) => partial?.epochs ?? Number.NaN),
    ),
    numbers(
      'pipe_round',
      results.map(({ partial }) => partial?.round ?? Number.NaN),
    ),
    numbers(
      'pipe_folds',
      results.map(({ folds }) => folds.length),
    ),
  ];
}

/** The ranking alone: scores without times, so that the same scores give the same bytes and what follows stays cached. */
export function selection(
  results: readonly CombinationScores[],
  selected: number,
  metadata: Readonly<Record<string, string>>,
): TableData {
  return {
    metadata,
    columns: [
      { name: 'rank', kind: 'number', values: rankOf(results) },
      { name: 'params', kind: 'text', values: results.map((result) => JSON.stringify(result.combination)) },
      ...scoreColumns(results),
      {
        name: 'selected',
        kind: 'number',
        values: Uint8Array.from(results, (_, index) => (index === selected ? 1 : 0)),
      },
      ...partialColumns(results),
    ],
  };
}

/** What a search decided, and by what. */
export function decisionTable(decisions: readonly Decision[]): TableData {
  return {
    columns: [
      { name: 'round', kind: 'number', values: Int32Array.from(decisions, ({ round }) => round) },
      { name: 'params', kind: 'text', values: decisions.map(({ combination }) => JSON.stringify(combination)) },
      { name: 'epochs', kind: 'number', values: Int32Array.from(decisions, ({ epochs }) => epochs) },
      numbers(
        'mean_test_score',
        decisions.map((decision) => decision.mean),
      ),
      { name: 'kept', kind: 'number', values: Uint8Array.from(decisions, ({ kept }) => (kept ? 1 : 0)) },
      { name: 'reason', kind: 'text', values: decisions.map(({ reason }) => reason) },
    ],
  };
}
