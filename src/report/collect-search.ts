import { isJsonObject, type Json, type JsonObject } from '../util/json.ts';
import { ok, type Result } from '../util/result.ts';
import { combinationCurves } from './collect-curves.ts';
import { jsonMetadata, type ReportInput, requireColumns } from './collect-inputs.ts';
import { combinationParams, paramsKey } from './collect-params.ts';
import type { Combination, NestedFold, SearchAxis, SearchFacts } from './study.ts';

const foldColumn = /^split(\d+)_test_score$/;

function foldColumns(input: ReportInput): string[] {
  const number = (column: string): number => Number(foldColumn.exec(column)?.[1]);
  return input.artifact.columns
    .filter((column) => foldColumn.test(column))
    .sort((left, right) => number(left) - number(right));
}

function selectedKey(selection: ReportInput | undefined): Result<string | undefined> {
  if (selection === undefined || !selection.artifact.has('selected')) return ok(undefined);
  const params = combinationParams(selection);
  if (!params.ok) return params;
  const row = Array.from(selection.artifact.numbers('selected')).indexOf(1);
  const chosen = params.value[row];
  return ok(chosen === undefined ? undefined : paramsKey(chosen));
}

/** Numbers ascending, other values in the order in which they first came. */
function axisValues(values: readonly Json[]): Json[] {
  const distinct = [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
  return distinct.every((value) => typeof value === 'number')
    ? distinct.toSorted((left, right) => Number(left) - Number(right))
    : distinct;
}

/** The hyperparameters of some combinations with the values that each took. */
export function searchAxes(combinations: readonly JsonObject[]): SearchAxis[] {
  const names = [...new Set(combinations.flatMap((params) => Object.keys(params)))];
  return names.map((name) => ({
    name,
    values: axisValues(combinations.flatMap((params) => (Object.hasOwn(params, name) ? [params[name] ?? null] : []))),
  }));
}

function rankColumn({ artifact }: ReportInput): string {
  return ['pipe_rank', 'rank_test_score'].find((column) => artifact.has(column)) ?? 'rank';
}

function combinationsOf(source: ReportInput, params: readonly JsonObject[], chosen: string | undefined): Combination[] {
  const { artifact } = source;
  const folds = foldColumns(source).map((column) => artifact.numbers(column));
  const means = artifact.numbers('mean_test_score');
  const deviations = artifact.numbers('std_test_score');
  const ranks = artifact.numbers(rankColumn(source));
  const fitSeconds = artifact.has('mean_fit_time') ? artifact.numbers('mean_fit_time') : undefined;
  const best = chosen ?? paramsKey(params[Array.from(ranks).indexOf(1)] ?? {});
  const made = params.map((one, row) => ({
    params: one,
    rank: ranks[row] ?? Number.NaN,
    mean: means[row] ?? Number.NaN,
    deviation: deviations[row] ?? Number.NaN,
    folds: folds.map((scores) => scores[row] ?? Number.NaN),
    selected: paramsKey(one) === best,
    ...(fitSeconds === undefined ? {} : { fitSeconds: fitSeconds[row] ?? Number.NaN }),
  }));
  const epochs = artifact.has('pipe_epochs') ? artifact.numbers('pipe_epochs') : undefined;
  return furthest(made, epochs).sort((left, right) => left.rank - right.rank);
}

/** Of a combination that was scored at several numbers of epochs the row with the most: one row a combination. */
function furthest(rows: readonly Combination[], epochs: ArrayLike<number> | undefined): Combination[] {
  if (epochs === undefined) return [...rows];
  const best = new Map<string, number>();
  for (const [row, { params }] of rows.entries()) {
    const known = best.get(paramsKey(params));
    if (known === undefined || (epochs[row] ?? 0) > (epochs[known] ?? 0)) best.set(paramsKey(params), row);
  }
  const kept = new Set(best.values());
  return rows.filter((_, row) => kept.has(row));
}

/**
 * A family's search from its `cv-results` (scores and times of every combination) and its `selection` (which one was
 * taken, by which metric); either alone is enough. `curves` has its fits epoch by epoch. Undefined when there is neither.
 */
export function searchFacts(
  cv: ReportInput | undefined,
  selection: ReportInput | undefined,
  curves?: ReportInput,
): Result<SearchFacts | undefined> {
  const source = cv ?? selection;
  if (source === undefined) return ok(undefined);
  const columns = requireColumns(source, ['params', rankColumn(source), 'mean_test_score', 'std_test_score']);
  if (!columns.ok) return columns;
  const params = combinationParams(source);
  if (!params.ok) return params;
  const chosen = selectedKey(selection);
  if (!chosen.ok) return chosen;
  const nested = nestedFolds(cv);
  if (!nested.ok) return nested;
  const combinations = combinationsOf(source, params.value, chosen.value);
  const fitCurves = combinationCurves(curves, combinations);
  if (!fitCurves.ok) return fitCurves;
  const metadata = { ...cv?.artifact.metadata, ...selection?.artifact.metadata };
  const repeatFolds = Number(metadata['repeat_folds']);
  return ok({
    metric: metadata['metric'] ?? 'score',
    ...(metadata['rule'] === undefined ? {} : { rule: metadata['rule'] }),
    axes: searchAxes(params.value),
    combinations,
    ...(fitCurves.value.length === 0 ? {} : { curves: fitCurves.value }),
    ...(repeatFolds >= 2 ? { repeatFolds } : {}),
    ...(nested.value === undefined ? {} : { nested: nested.value }),
  });
}

function nestedFolds(cv: ReportInput | undefined): Result<NestedFold[] | undefined> {
  if (cv === undefined) return ok(undefined);
  const parsed = jsonMetadata(cv, 'outer');
  if (!parsed.ok) return parsed;
  if (!Array.isArray(parsed.value)) return ok(undefined);
  const number = (value: Json | undefined): number => (typeof value === 'number' ? value : Number.NaN);
  return ok(
    parsed.value.filter(isJsonObject).map((one): NestedFold => {
      const params = one['combination'];
      return {
        fold: number(one['fold']),
        innerScore: number(one['innerScore']),
        score: number(one['score']),
        ...(isJsonObject(params) ? { params } : {}),
      };
    }),
  );
}
