import { correctedResampledT } from '../metrics/corrected-t.ts';
import type { Interval } from '../metrics/interval.ts';
import { studentPoint } from '../metrics/student.ts';
import type { Alignment } from './align.ts';
import { kendallTau } from './rank-correlation.ts';
import type { TableView } from './table-view.ts';
import { numbersOf, textsOf } from './typed-columns.ts';
import { significance, usualMargin, type Verdict, verdictOn } from './verdict.ts';

/** A combination that both searches fitted. */
export interface CombinationDifference {
  readonly params: string;
  /** Mean scores over the folds; null where a fit diverged. */
  readonly a: number | null;
  readonly b: number | null;
  readonly difference: number | null;
  /** Folds of which the score is another. */
  readonly foldsChanged: number;
  /** By the corrected resampled t-test over the folds that both have; left out of fewer than two. */
  readonly pValue?: number;
  readonly interval?: Interval;
  readonly verdict?: Verdict;
}

/** How two searches differ. */
export interface SearchDiff {
  readonly kind: 'search';
  readonly combinations: number;
  /** Combinations with another score on any fold, the largest difference first. */
  readonly changed: readonly CombinationDifference[];
  /** Kendall's tau-b of the mean scores of those that both have. */
  readonly rankCorrelation: number | null;
  readonly winner: { readonly a: string | null; readonly b: string | null; readonly same: boolean };
}

/** Compares two rankings or tables of a search, paired by combination and by fold; undefined where a column is missing. */
export function searchDiff(a: TableView, b: TableView, { toB }: Alignment): SearchDiff | undefined {
  const [paramsA, paramsB] = [textsOf(a, 'params'), textsOf(b, 'params')];
  const [foldsA, foldsB] = [foldScores(a), foldScores(b)];
  const [meansA, meansB] = [numbersOf(a, 'mean_test_score'), numbersOf(b, 'mean_test_score')];
  if (!paramsA || !paramsB || !meansA || !meansB) return undefined;
  const rows = [...toB.keys()].filter((row) => (toB[row] as number) >= 0);
  const all = rows.map((row) => {
    const target = toB[row] as number;
    const of = (folds: readonly ArrayLike<number>[], at: number): number[] => folds.map((fold) => fold[at] as number);
    const means = { a: meansA[row] as number, b: meansB[target] as number };
    return combination(paramsA[row] as string, means, of(foldsA, row), of(foldsB, target));
  });
  const changed = all.filter((one) => one.foldsChanged > 0 || one.a !== one.b);
  changed.sort((one, other) => Math.abs(other.difference ?? 0) - Math.abs(one.difference ?? 0));
  const winner = { a: winnerOf(a, paramsA), b: winnerOf(b, paramsB) };
  return {
    kind: 'search',
    combinations: rows.length,
    changed,
    rankCorrelation: kendallTau(
      rows.map((row) => meansA[row] as number),
      rows.map((row) => meansB[toB[row] as number] as number),
    ),
    winner: { ...winner, same: winner.a === winner.b },
  };
}

/** The scores of each fold, in the folds' order. */
function foldScores(view: TableView): ArrayLike<number>[] {
  const scores: ArrayLike<number>[] = [];
  for (;;) {
    const fold = numbersOf(view, `split${scores.length}_test_score`);
    if (fold === undefined) return scores;
    scores.push(fold);
  }
}

function winnerOf(view: TableView, params: readonly string[]): string | null {
  const selected = numbersOf(view, 'selected');
  const ranks = numbersOf(view, 'rank_test_score');
  const row = selected?.indexOf(1) ?? ranks?.indexOf(1) ?? -1;
  return params[row] ?? null;
}

function combination(
  params: string,
  means: { readonly a: number; readonly b: number },
  foldsA: readonly number[],
  foldsB: readonly number[],
): CombinationDifference {
  const number = (value: number): number | null => (Number.isFinite(value) ? value : null);
  const folds = Math.max(foldsA.length, foldsB.length);
  const foldsChanged = Array.from({ length: folds }, (_, fold) => fold).filter(
    (fold) => !Object.is(foldsA[fold] ?? Number.NaN, foldsB[fold] ?? Number.NaN),
  ).length;
  const common = {
    params,
    a: number(means.a),
    b: number(means.b),
    difference: number(means.b - means.a),
    foldsChanged,
  };
  return foldsChanged === 0 ? common : { ...common, ...foldVerdict(foldsA, foldsB) };
}

/** Of K folds each is scored by a model that was trained on the K - 1 others. */
function foldVerdict(
  foldsA: readonly number[],
  foldsB: readonly number[],
): Pick<CombinationDifference, 'pValue' | 'interval' | 'verdict'> {
  if (foldsA.length !== foldsB.length || [...foldsA, ...foldsB].some(Number.isNaN)) return {};
  const compared = correctedResampledT(foldsB, foldsA, 1 / (foldsA.length - 1));
  if (compared === undefined) return {};
  const { difference, pValue, halfWidth, degrees } = compared;
  const half = (halfWidth / studentPoint(0.05, degrees)) * studentPoint(significance, degrees);
  const interval = { low: difference - half, high: difference + half };
  return { pValue, interval, verdict: verdictOn(difference, pValue, interval, usualMargin) };
}
