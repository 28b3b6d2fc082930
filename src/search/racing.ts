import type { JsonObject } from '../util/json.ts';
import {
  byScore,
  type Decision,
  meanScore,
  type ResultRow,
  type ScoreOf,
  type Search,
  type SearchSpace,
  type WantedFit,
  wholeFits,
} from './search.ts';

export interface RacingSetting {
  /** Standard errors of the difference to the leader above which a combination is given up. */
  readonly deviations: number;
}

/**
 * Fold after fold; a combination that loses clearly on the folds so far is given up (O. Maron and A. Moore, "Hoeffding races", NIPS 1993).
 * The standard error is that of the paired differences to the leader, and at least that of the rows which a fold scores: two
 * accuracies p over n rows each differ by sqrt(2 p (1 - p) / n) by chance alone, so a few folds that agree prove nothing more.
 */
export function* racingSearch(space: SearchSpace, { deviations }: RacingSetting): Search {
  const fits = new Map(space.combinations.map((combination) => [combination, wholeFits(space, combination)]));
  const decisions: Decision[] = [];
  const seen = new Map<JsonObject, number>(space.combinations.map((combination) => [combination, 0]));
  let left: readonly JsonObject[] = space.combinations;
  for (let fold = 0; fold < space.folds; fold++) {
    const scoreOf = yield left.flatMap((combination) => fits.get(combination)?.[fold] ?? []);
    for (const combination of left) seen.set(combination, fold + 1);
    if (fold + 1 === space.folds) break;
    const soFar = (combination: JsonObject): WantedFit[] => (fits.get(combination) ?? []).slice(0, fold + 1);
    const score = (combination: JsonObject): number => meanScore(soFar(combination), scoreOf);
    const [leader] = byScore(left, score);
    if (leader === undefined) break;
    const kept: JsonObject[] = [];
    for (const combination of left) {
      const error = standardError(soFar(leader), soFar(combination), scoreOf, space.foldRows);
      const behind = score(leader) - score(combination);
      const keep = combination === leader || behind <= deviations * error;
      if (keep) kept.push(combination);
      decisions.push({
        round: fold + 1,
        combination,
        epochs: space.epochsOf(combination),
        mean: score(combination),
        kept: keep,
        reason:
          combination === leader
            ? 'leads'
            : Number.isNaN(behind)
              ? 'diverged'
              : `${(100 * behind).toFixed(2)} points behind the leader, standard error ${(100 * error).toFixed(2)}`,
      });
    }
    left = kept;
  }
  const rows = space.combinations.map((combination): ResultRow => {
    const count = seen.get(combination) ?? 0;
    return {
      combination,
      epochs: space.epochsOf(combination),
      round: count - 1,
      fits: (fits.get(combination) ?? []).slice(0, count),
    };
  });
  return { rows, finalists: rows.filter((row) => row.fits.length === space.folds), decisions };
}

function standardError(
  leader: readonly WantedFit[],
  other: readonly WantedFit[],
  scoreOf: ScoreOf,
  rows: number,
): number {
  const differences = leader.map((fit, fold) => scoreOf(fit) - scoreOf(other[fold] as WantedFit));
  const centre = differences.reduce((sum, value) => sum + value, 0) / differences.length;
  const spread = differences.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  const measured = differences.length < 2 ? 0 : Math.sqrt(spread / (differences.length - 1) / differences.length);
  const share = meanScore(leader, scoreOf);
  const chance = Math.sqrt((2 * share * (1 - share)) / (rows * differences.length));
  return Math.max(measured, chance);
}
