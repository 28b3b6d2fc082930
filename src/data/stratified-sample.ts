import { createRandom } from '../util/random.ts';

/**
 * Row numbers, ascending, of a random sample that keeps the shares of the classes: each class gets its share of `size`
 * rounded down, and the rows that are left go to the largest remainders (Hamilton's method; ties to the lower class).
 * All rows when `size` is not smaller than their number.
 */
export function stratifiedSample(labels: Int32Array, size: number, seed: number): Int32Array {
  if (size >= labels.length) return Int32Array.from(labels, (_, row) => row);
  const byClass = new Map<number, number[]>();
  labels.forEach((label, row) => {
    const rows = byClass.get(label);
    if (rows === undefined) byClass.set(label, [row]);
    else rows.push(row);
  });
  const classes = [...byClass].sort(([left], [right]) => left - right);
  const quotas = apportioned(
    classes.map(([, rows]) => rows.length),
    size,
  );
  const kept: number[] = [];
  classes.forEach(([label, rows], index) => {
    const order = createRandom(seed, 'ingest limit', label).permutation(rows.length);
    for (let taken = 0; taken < (quotas[index] as number); taken++) kept.push(rows[order[taken] as number] as number);
  });
  return Int32Array.from(kept).sort();
}

function apportioned(counts: readonly number[], size: number): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const exact = counts.map((count) => (count * size) / total);
  const quotas = exact.map(Math.floor);
  const left = size - quotas.reduce((sum, quota) => sum + quota, 0);
  const byRemainder = exact
    .map((share, index) => ({ index, remainder: share - Math.floor(share) }))
    .sort((one, other) => other.remainder - one.remainder || one.index - other.index);
  for (const { index } of byRemainder.slice(0, left)) quotas[index] = (quotas[index] as number) + 1;
  return quotas;
}
