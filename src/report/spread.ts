/** Places of labels, moved apart so that no two texts cover each other, in the order of `wanted`. */
export function spread(wanted: readonly number[], distance: number): number[] {
  const order = wanted.map((_, index) => index).sort((left, right) => (wanted[left] ?? 0) - (wanted[right] ?? 0));
  const placed = [...wanted];
  let previous = Number.NEGATIVE_INFINITY;
  for (const index of order) {
    previous = Math.max(wanted[index] ?? 0, previous + distance);
    placed[index] = previous;
  }
  return placed;
}
