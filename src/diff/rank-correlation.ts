/**
 * Kendall's tau-b of two lists of scores: 1 where they rank alike, -1 where they rank the other way round (M. Kendall, "The treatment of
 * ties in ranking problems", Biometrika 33, 1945). Pairs with a NaN are left out; null where one list has no order.
 */
export function kendallTau(first: readonly number[], second: readonly number[]): number | null {
  const rows = [...first.keys()].filter((row) => !Number.isNaN(first[row]) && !Number.isNaN(second[row]));
  let [agreeing, orderedFirst, orderedSecond] = [0, 0, 0];
  for (const [at, one] of rows.entries()) {
    for (const other of rows.slice(at + 1)) {
      const before = Math.sign((first[one] as number) - (first[other] as number));
      const after = Math.sign((second[one] as number) - (second[other] as number));
      agreeing += before * after;
      orderedFirst += before * before;
      orderedSecond += after * after;
    }
  }
  return orderedFirst === 0 || orderedSecond === 0 ? null : agreeing / Math.sqrt(orderedFirst * orderedSecond);
}
