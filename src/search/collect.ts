import type { Column, TableData } from '../artifact/column.ts';
import type { Json, JsonObject } from '../util/json.ts';
import { mean, ranks, standardDeviation } from './statistics.ts';

/** What one combination scored on one fold. */
export interface FoldScore {
  /** NaN where the fit diverged. */
  readonly score: number;
  readonly fitSeconds: number;
  readonly scoreSeconds: number;
}

/** One combination with its scores, fold by fold. */
export interface CombinationScores {
  readonly combination: JsonObject;
  readonly folds: readonly FoldScore[];
}

function numbers(name: string, values: readonly number[]): Column {
  return { name, kind: 'number', values: Float64Array.from(values) };
}

function paramColumn(name: string, values: readonly Json[]): Column {
  const column = `param_${name}`;
  if (values.every((value) => typeof value === 'number')) return numbers(column, values as number[]);
  return {
    name: column,
    kind: 'text',
    values: values.map((value) => (value === null ? null : typeof value === 'string' ? value : JSON.stringify(value))),
  };
}

function foldColumns(results: readonly CombinationScores[]): Column[] {
  const folds = results[0]?.folds.length ?? 0;
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
 * (mean_fit_time … rank_test_score), one row a combination.
 */
export function cvResults(
  results: readonly CombinationScores[],
  metadata: Readonly<Record<string, string>>,
): TableData {
  const times = (pick: (fold: FoldScore) => number): number[][] => results.map((result) => result.folds.map(pick));
  const fit = times((fold) => fold.fitSeconds);
  const score = times((fold) => fold.scoreSeconds);
  const axes = Object.keys(results[0]?.combination ?? {}).sort();
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
          results.map((result) => result.combination[axis] ?? null),
        ),
      ),
      { name: 'params', kind: 'text', values: results.map((result) => JSON.stringify(result.combination)) },
      ...scoreColumns(results),
      {
        name: 'rank_test_score',
        kind: 'number',
        values: ranks(results.map((result) => mean(result.folds.map((fold) => fold.score)))),
      },
    ],
  };
}

/**
 * The ranking alone: scores without times, so that the same scores give the same bytes and what follows stays cached.
 * The best combination, the first of equals, is the selected one. Undefined when every combination diverged.
 */
export function selection(
  results: readonly CombinationScores[],
  metadata: Readonly<Record<string, string>>,
): TableData | undefined {
  const means = results.map((result) => mean(result.folds.map((fold) => fold.score)));
  const rank = ranks(means);
  const best = rank.indexOf(1);
  if (best < 0 || Number.isNaN(means[best])) return undefined;
  return {
    metadata,
    columns: [
      { name: 'rank', kind: 'number', values: rank },
      { name: 'params', kind: 'text', values: results.map((result) => JSON.stringify(result.combination)) },
      ...scoreColumns(results),
      { name: 'selected', kind: 'number', values: Uint8Array.from(results, (_, index) => (index === best ? 1 : 0)) },
    ],
  };
}
