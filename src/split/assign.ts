import type { Random } from '../util/random.ts';

/** Rows by the key that must be spread evenly (the class) or kept together (the writer). */
function rowsBy(keys: ArrayLike<number>, rows: Int32Array): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (const row of rows) {
    const key = keys[row] as number;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return new Map([...groups].sort(([left], [right]) => left - right));
}

function shuffled<Value>(values: readonly Value[], random: Random): Value[] {
  return Array.from(random.permutation(values.length), (index) => values[index] as Value);
}

/** Whole numbers that are as near as possible to the shares of a total and sum up to it (largest remainder method). */
export function apportion(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const exact = weights.map((weight) => (sum === 0 ? 0 : (total * weight) / sum));
  const counts = exact.map(Math.floor);
  const order = exact
    .map((share, index) => ({ index, rest: share - Math.floor(share) }))
    .sort((left, right) => right.rest - left.rest || left.index - right.index);
  let missing = total - counts.reduce((all, count) => all + count, 0);
  for (const { index } of order) {
    if (missing <= 0) break;
    counts[index] = (counts[index] ?? 0) + 1;
    missing--;
  }
  return counts;
}

/** Picks `count` of the rows; with labels, each class keeps its share. In ascending order. */
export function pickRows(
  rows: Int32Array,
  count: number,
  labels: ArrayLike<number> | undefined,
  random: Random,
): Int32Array {
  const strata = labels === undefined ? [[...rows]] : [...rowsBy(labels, rows).values()];
  const counts = apportion(
    count,
    strata.map((stratum) => stratum.length),
  );
  const picked = strata.flatMap((stratum, index) => shuffled(stratum, random).slice(0, counts[index]));
  return Int32Array.from(picked).sort();
}

/** Picks whole groups, in random order, until at least `count` rows are taken or nothing is left to take. */
export function pickGroups(rows: Int32Array, count: number, groups: ArrayLike<number>, random: Random): Int32Array {
  const picked: number[] = [];
  for (const members of shuffled([...rowsBy(groups, rows).values()], random)) {
    if (picked.length >= count) break;
    picked.push(...members);
  }
  return Int32Array.from(picked).sort();
}

/** The fold of each of the rows, in their order; with labels, each fold gets its share of every class. */
export function foldRows(
  rows: Int32Array,
  folds: number,
  labels: ArrayLike<number> | undefined,
  random: Random,
): Int32Array {
  const foldOf = new Map<number, number>();
  const strata = labels === undefined ? [[...rows]] : [...rowsBy(labels, rows).values()];
  // Dealing goes on where the class before stopped: else the small rest of every class would land in fold 0.
  let next = 0;
  for (const stratum of strata) for (const row of shuffled(stratum, random)) foldOf.set(row, next++ % folds);
  return Int32Array.from(rows, (row) => foldOf.get(row) as number);
}

/** The fold of each of the rows so that a group is never cut: the largest groups first, each to the smallest fold. */
export function foldGroups(rows: Int32Array, folds: number, groups: ArrayLike<number>, random: Random): Int32Array {
  const sizes = new Array<number>(folds).fill(0);
  const foldOf = new Map<number, number>();
  const members = shuffled([...rowsBy(groups, rows).entries()], random).sort(
    ([, left], [, right]) => right.length - left.length,
  );
  for (const [group, list] of members) {
    const fold = sizes.indexOf(Math.min(...sizes));
    foldOf.set(group, fold);
    sizes[fold] = (sizes[fold] ?? 0) + list.length;
  }
  return Int32Array.from(rows, (row) => foldOf.get(groups[row] as number) as number);
}
