import type { JsonObject } from '../util/json.ts';
import { createRandom } from '../util/random.ts';
import { type HalvingSetting, rungFits, rungsOf } from './halving.ts';
import {
  byScore,
  combinationKey,
  type Decision,
  foldByFold,
  meanScore,
  type ResultRow,
  type Search,
  type SearchSpace,
} from './search.ts';

export interface AshaSetting extends HalvingSetting {
  /** Combinations that are tried at all, drawn from the grid. */
  readonly combinations: number;
  /** Combinations that are under way at the same time. */
  readonly parallel: number;
  readonly seed: number;
}

/**
 * Asynchronous successive halving (L. Li et al., "A system for massively parallel hyperparameter tuning", MLSys 2020): whoever is
 * among the best of its rung *so far* goes on; else a new combination starts. Here in steps of `parallel` at a time, and not whenever
 * one ends: so the same scores lead to the same search, whatever the machine.
 */
export function* ashaSearch(space: SearchSpace, setting: AshaSetting): Search {
  const { factor, parallel, seed } = setting;
  const order = [...createRandom(seed, 'asha').permutation(space.combinations.length)].slice(0, setting.combinations);
  const coming = order.map((index) => space.combinations[index] as JsonObject);
  const rungsBy = (combination: JsonObject): number[] => rungsOf(space.epochsOf(combination), setting);
  const rows: ResultRow[] = [];
  const scores = new Map<ResultRow, number>();
  const promoted = new Set<string>();
  const decisions: Decision[] = [];
  const isLast = ({ combination, epochs }: ResultRow): boolean => epochs === space.epochsOf(combination);
  /** The best of a rung that may go on and has not, from the highest rung down. */
  const next = (): ResultRow | undefined => {
    const highest = Math.max(-1, ...rows.map(({ round }) => round));
    for (let rung = highest; rung >= 0; rung--) {
      const mine = rows.filter(({ round }) => round === rung);
      const good = byScore(mine, (row) => scores.get(row) ?? Number.NaN).slice(0, Math.floor(mine.length / factor));
      const found = good.find((row) => !isLast(row) && !promoted.has(`${combinationKey(row.combination)} ${rung}`));
      if (found !== undefined) return found;
    }
    return undefined;
  };
  for (let step = 1; ; step++) {
    const batch: ResultRow[] = [];
    while (batch.length < parallel) {
      const better = next();
      if (better !== undefined) {
        promoted.add(`${combinationKey(better.combination)} ${better.round}`);
        const until = rungsBy(better.combination)[better.round + 1] ?? better.epochs;
        batch.push({
          combination: better.combination,
          epochs: until,
          round: better.round + 1,
          fits: rungFits(space, better.combination, better.epochs, until),
        });
        decisions.push({
          round: step,
          combination: better.combination,
          epochs: better.epochs,
          mean: scores.get(better) ?? Number.NaN,
          kept: true,
          reason: `among the best of rung ${better.round + 1} so far`,
        });
        continue;
      }
      const combination = coming.shift();
      if (combination === undefined) break;
      const [until = 1] = rungsBy(combination);
      batch.push({ combination, epochs: until, round: 0, fits: rungFits(space, combination, 0, until) });
    }
    if (batch.length === 0) break;
    const scoreOf = yield foldByFold(batch.map(({ fits }) => fits));
    for (const row of batch) scores.set(row, meanScore(row.fits, scoreOf));
    rows.push(...batch);
  }
  // Few combinations may leave none at the top: then those that came furthest are judged.
  const top = Math.max(...rows.map(({ round }) => round));
  const finished = rows.filter(isLast);
  return { rows, finalists: finished.length > 0 ? finished : rows.filter(({ round }) => round === top), decisions };
}
