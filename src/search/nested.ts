import type { TableData } from '../artifact/column.ts';
import type { CollectedPart } from '../stage/stage-kind.ts';
import type { JsonObject } from '../util/json.ts';
import { leadSearch, type SearchStand } from './lead.ts';
import { scoresOf } from './parts.ts';
import { resultsOf } from './results.ts';
import { type WantedFit, wholeFits } from './search.ts';
import type { SelectRule } from './select.ts';
import { innerSpace, type ModelSpace } from './space.ts';
import { beginSearch, fitsWhole, type StrategySetting } from './strategy.ts';

export interface SearchSetting {
  readonly strategy: StrategySetting;
  readonly select: SelectRule;
  /** How many folds are left out in turn, each with a search of its own on the others. */
  readonly outer?: number;
}

/** A fit with the space that it belongs to. */
export interface SpaceFit {
  readonly space: ModelSpace;
  readonly fit: WantedFit;
}

/** What a search made of the other folds comes to on the one that it never saw. */
export interface OuterScore {
  /** From 0. */
  readonly fold: number;
  /** What it chose; undefined where all diverged. */
  readonly combination: JsonObject | undefined;
  /** Mean score over its own folds: what it believed. */
  readonly innerScore: number;
  /** Score on the fold that it never saw. */
  readonly score: number;
}

/** Where a search stands, by the parts that are finished. */
export function standOf(space: ModelSpace, strategy: StrategySetting, finished: readonly CollectedPart[]): SearchStand {
  return leadSearch(beginSearch(strategy, space), scoresOf(space, finished));
}

/** The fits that a search and, of a nested one, its inner searches want next; none when all is over. */
export function wantedFits(space: ModelSpace, setting: SearchSetting, finished: readonly CollectedPart[]): SpaceFit[] {
  const stand = standOf(space, setting.strategy, finished);
  const main = stand.over ? [] : stand.wanted.map((fit) => ({ space, fit }));
  const inner = outerFolds(setting).flatMap((fold): SpaceFit[] => {
    const within = innerSpace(space, fold);
    const inside = standOf(within, setting.strategy, finished);
    if (!inside.over) return inside.wanted.map((fit) => ({ space: within, fit }));
    // The search itself fits most winners on the fold that was left out: the same model on the same rows.
    if (!stand.over) return [];
    const winner = innerWinner(space, setting, finished, fold);
    if (winner === undefined || outerScore(space, winner.combination, fold, finished) !== undefined) return [];
    return [{ space, fit: wholeFits(space, winner.combination)[fold] as WantedFit }];
  });
  const distinct = new Map(inner.map((one) => [JSON.stringify([one.space.without, one.fit]), one]));
  return [...main, ...distinct.values()];
}

/** What came of the folds that were left out in turn, when all fits are done. */
export function outerScores(
  space: ModelSpace,
  setting: SearchSetting,
  finished: readonly CollectedPart[],
): OuterScore[] {
  return outerFolds(setting).map((fold): OuterScore => {
    const winner = innerWinner(space, setting, finished, fold);
    if (winner === undefined) return { fold, combination: undefined, innerScore: Number.NaN, score: Number.NaN };
    const score = outerScore(space, winner.combination, fold, finished) ?? Number.NaN;
    return { fold, combination: winner.combination, innerScore: winner.score, score };
  });
}

function outerFolds({ outer = 0 }: SearchSetting): number[] {
  return Array.from({ length: outer }, (_, fold) => fold);
}

/** The score of a whole fit that leaves a fold out, made at once or going on from a fit with fewer epochs: the bits are the same. */
function outerScore(
  space: ModelSpace,
  combination: JsonObject,
  fold: number,
  finished: readonly CollectedPart[],
): number | undefined {
  const fit = wholeFits(space, combination)[fold] as WantedFit;
  const scoreOf = scoresOf(space, finished);
  return scoreOf(fit) ?? scoreOf({ ...fit, from: 1 });
}

function innerWinner(
  space: ModelSpace,
  { strategy, select }: SearchSetting,
  finished: readonly CollectedPart[],
  fold: number,
): { readonly combination: JsonObject; readonly score: number } | undefined {
  const within = innerSpace(space, fold);
  const stand = standOf(within, strategy, finished);
  if (!stand.over) throw new Error('an inner search is not over');
  const { results, winner } = resultsOf(within, stand.outcome, finished, { select, partial: !fitsWhole(strategy) });
  const chosen = results[winner];
  if (chosen === undefined) return undefined;
  return {
    combination: chosen.combination,
    score: chosen.folds.reduce((sum, one) => sum + one.score, 0) / chosen.folds.length,
  };
}

/** One row a fold that was left out. */
export function outerTable(scores: readonly OuterScore[], metadata: Readonly<Record<string, string>>): TableData {
  return {
    metadata,
    columns: [
      { name: 'fold', kind: 'number', values: Int32Array.from(scores, ({ fold }) => fold) },
      {
        name: 'params',
        kind: 'text',
        values: scores.map(({ combination }) => (combination === undefined ? null : JSON.stringify(combination))),
      },
      { name: 'inner_score', kind: 'number', values: Float64Array.from(scores, ({ innerScore }) => innerScore) },
      { name: 'score', kind: 'number', values: Float64Array.from(scores, ({ score }) => score) },
    ],
  };
}
