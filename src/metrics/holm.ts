/**
 * p-values adjusted for there being several of them (S. Holm, "A simple sequentially rejective multiple test procedure",
 * Scandinavian Journal of Statistics 6, 1979): the k-th smallest of n times n - k + 1, never smaller than the one before, at most 1.
 * In the order of the arguments.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, index) => index).sort((left, right) => (pValues[left] ?? 0) - (pValues[right] ?? 0));
  const adjusted = new Array<number>(pValues.length).fill(1);
  let largest = 0;
  for (const [place, index] of order.entries()) {
    largest = Math.min(1, Math.max(largest, (pValues[index] ?? 1) * (pValues.length - place)));
    adjusted[index] = largest;
  }
  return adjusted;
}
