import type { JsonObject } from '../util/json.ts';
import { createRandom } from '../util/random.ts';
import { foldByFold, type ResultRow, type Search, type SearchSpace, wholeFits } from './search.ts';

/** Tries all of some combinations on all folds. */
function* tryAll(space: SearchSpace, combinations: readonly JsonObject[]): Search {
  const rows: ResultRow[] = combinations.map((combination) => ({
    combination,
    epochs: space.epochsOf(combination),
    round: 0,
    fits: wholeFits(space, combination),
  }));
  yield foldByFold(rows.map(({ fits }) => fits));
  return { rows, finalists: rows, decisions: [] };
}

/** Every combination of the grid. */
export function gridSearch(space: SearchSpace): Search {
  return tryAll(space, space.combinations);
}

/** So many combinations of the grid, drawn by a seed (J. Bergstra and Y. Bengio, "Random search for hyper-parameter optimization", JMLR 13, 2012). */
export function randomSearch(
  space: SearchSpace,
  setting: { readonly combinations: number; readonly seed: number },
): Search {
  const order = createRandom(setting.seed, 'random search').permutation(space.combinations.length);
  const drawn = [...order].slice(0, setting.combinations).sort((left, right) => left - right);
  return tryAll(
    space,
    drawn.map((index) => space.combinations[index] as JsonObject),
  );
}
