import type { JsonObject } from '../util/json.ts';
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

export interface CoordinateSetting {
  /** Axes in the order in which they are tuned; those that are not named follow. */
  readonly order: readonly string[];
  /** How often all axes are gone through. It ends before when nothing got better. */
  readonly passes: number;
}

/**
 * One hyperparameter at a time (coordinate descent): all its values with the others as they are, then the best value stays. Cheap, and
 * blind to values that are good only together.
 */
export function* coordinateSearch(space: SearchSpace, { order, passes }: CoordinateSetting): Search {
  const axes = [
    ...order,
    ...Object.keys(space.axes)
      .filter((axis) => !order.includes(axis))
      .sort(),
  ];
  const allowed = new Set(space.combinations.map(combinationKey));
  const rows = new Map<string, ResultRow>();
  const decisions: Decision[] = [];
  let current: JsonObject = startOf(space, axes);
  let round = 0;
  for (let pass = 0; pass < passes; pass++) {
    const before = combinationKey(current);
    for (const axis of axes) {
      const variants = (space.axes[axis] ?? [])
        .map((value): JsonObject => ({ ...current, [axis]: value }))
        .filter((combination) => allowed.has(combinationKey(combination)));
      const fresh = variants
        .filter((combination) => !rows.has(combinationKey(combination)))
        .map(
          (combination): ResultRow => ({
            combination,
            epochs: space.epochsOf(combination),
            round,
            fits: wholeFits(space, combination),
          }),
        );
      for (const row of fresh) rows.set(combinationKey(row.combination), row);
      const scoreOf = yield foldByFold(fresh.map(({ fits }) => fits));
      const judged = variants.flatMap((combination) => rows.get(combinationKey(combination)) ?? []);
      const score = ({ fits }: ResultRow): number => meanScore(fits, scoreOf);
      const [best] = byScore(judged, score);
      round++;
      for (const row of judged) {
        const reason = `${axis} = ${JSON.stringify(row.combination[axis])}${row === best ? ' is the best value' : ''}`;
        decisions.push({
          round,
          combination: row.combination,
          epochs: row.epochs,
          mean: score(row),
          kept: row === best,
          reason,
        });
      }
      if (best !== undefined) current = best.combination;
    }
    if (combinationKey(current) === before) break;
  }
  const all = [...rows.values()];
  return { rows: all, finalists: all, decisions };
}

/** The model's own values where the grid has them, else the first ones: a combination of the grid. */
function startOf(space: SearchSpace, axes: readonly string[]): JsonObject {
  const wanted = Object.fromEntries(
    axes.flatMap((axis) => {
      const values = space.axes[axis] ?? [];
      const own = values.find((value) => JSON.stringify(value) === JSON.stringify(space.start[axis]));
      const value = own ?? values[0];
      return value === undefined ? [] : [[axis, value]];
    }),
  );
  const isAllowed = space.combinations.some((one) => combinationKey(one) === combinationKey(wanted));
  return isAllowed ? wanted : (space.combinations[0] ?? wanted);
}
