import type { Json, JsonObject } from '../util/json.ts';
import { createRandom } from '../util/random.ts';
import {
  byScore,
  combinationKey,
  type Decision,
  foldByFold,
  meanScore,
  type ResultRow,
  type Search,
  type SearchSpace,
  wholeFits,
} from './search.ts';

export interface TpeSetting {
  /** Combinations that are tried in all. */
  readonly combinations: number;
  /** Of them at random, before there is anything to learn from. */
  readonly startup: number;
  /** Combinations that are tried at the same time. */
  readonly parallel: number;
  readonly seed: number;
}

/** The share of the tried combinations that count as good. */
const good = 0.25;

/**
 * Tree-structured Parzen estimator over the values of a grid (J. Bergstra, R. Bardenet, Y. Bengio and B. Kégl, "Algorithms for
 * hyper-parameter optimization", NIPS 2011): of each axis, how often a value is among good combinations and how often among others; the
 * untried combinations with the largest ratio come next. Each count begins at one, so that no value is ever ruled out.
 */
export function* tpeSearch(space: SearchSpace, setting: TpeSetting): Search {
  const random = createRandom(setting.seed, 'tpe').permutation(space.combinations.length);
  const untried = [...random].map((index) => space.combinations[index] as JsonObject);
  const most = Math.min(setting.combinations, untried.length);
  const rows: ResultRow[] = [];
  const scores = new Map<ResultRow, number>();
  const decisions: Decision[] = [];
  for (let round = 0; rows.length < most; round++) {
    const count = Math.min(most - rows.length, rows.length === 0 ? setting.startup : setting.parallel);
    const ratio = rows.length === 0 ? () => 0 : expectedGain(space, rows, (row) => scores.get(row) ?? Number.NaN);
    const chosen = byScore(untried, ratio).slice(0, count);
    for (const combination of chosen) {
      untried.splice(untried.indexOf(combination), 1);
      if (rows.length > 0)
        decisions.push({
          round,
          combination,
          epochs: space.epochsOf(combination),
          mean: Number.NaN,
          kept: true,
          reason: `ratio ${ratio(combination).toFixed(3)}, the largest of what is left`,
        });
    }
    const fresh = chosen.map(
      (combination): ResultRow => ({
        combination,
        epochs: space.epochsOf(combination),
        round,
        fits: wholeFits(space, combination),
      }),
    );
    const scoreOf = yield foldByFold(fresh.map(({ fits }) => fits));
    for (const row of fresh) scores.set(row, meanScore(row.fits, scoreOf));
    rows.push(...fresh);
  }
  return { rows, finalists: rows, decisions };
}

/** The logarithm of how much more likely a combination is among the good ones, by its values one by one. */
function expectedGain(
  space: SearchSpace,
  rows: readonly ResultRow[],
  scoreOf: (row: ResultRow) => number,
): (combination: JsonObject) => number {
  const ranked = byScore(rows, scoreOf);
  const cut = Math.max(1, Math.ceil(good * ranked.length));
  const share = (of: readonly ResultRow[], axis: string, value: Json | undefined): number => {
    const values = space.axes[axis]?.length ?? 1;
    const same = of.filter(({ combination }) => JSON.stringify(combination[axis]) === JSON.stringify(value)).length;
    return (same + 1) / (of.length + values);
  };
  const [best, rest] = [ranked.slice(0, cut), ranked.slice(cut)];
  const known = new Map<string, number>();
  return (combination) => {
    const key = combinationKey(combination);
    const before = known.get(key);
    if (before !== undefined) return before;
    const gain = Object.keys(space.axes).reduce(
      (sum, axis) => sum + Math.log(share(best, axis, combination[axis]) / share(rest, axis, combination[axis])),
      0,
    );
    known.set(key, gain);
    return gain;
  };
}
