/**
 * Marks the rows that moved: the fewest without which all others stand in their old order, which is what a longest increasing
 * subsequence leaves out (M. Fredman, Discrete Mathematics 11, 1975). `toB` has for each row of A its row of B, -1 where there is none.
 */
export function movedRows(toB: Int32Array): Uint8Array {
  const moved = new Uint8Array(toB.length);
  if (isInOrder(toB)) return moved;
  const tails = new Int32Array(toB.length);
  const before = new Int32Array(toB.length).fill(-1);
  let length = 0;
  for (let row = 0; row < toB.length; row++) {
    const target = toB[row] as number;
    if (target < 0) continue;
    moved[row] = 1;
    let [low, high] = [0, length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((toB[tails[middle] as number] as number) < target) low = middle + 1;
      else high = middle;
    }
    if (low > 0) before[row] = tails[low - 1] as number;
    tails[low] = row;
    if (low === length) length++;
  }
  for (let row = length === 0 ? -1 : (tails[length - 1] as number); row >= 0; row = before[row] as number)
    moved[row] = 0;
  return moved;
}

function isInOrder(toB: Int32Array): boolean {
  let last = -1;
  for (const target of toB) {
    if (target < 0) continue;
    if (target < last) return false;
    last = target;
  }
  return true;
}
