/**
 * What each of some players adds to the worth of them all, on average over the orders in which they may come (L. S. Shapley, "A value
 * for n-person games", 1953). `worth` of a set, given as the bits of the players in it; the values sum up to the worth of all less
 * that of none. Every set is asked for once: 2^players of them.
 */
export function shapleyValues(players: number, worth: (set: number) => number): number[] {
  const sets = 2 ** players;
  const values = Array.from({ length: sets }, (_, set) => worth(set));
  const weights = Array.from({ length: players }, (_, size) => 1 / (players * binomial(players - 1, size)));
  return Array.from({ length: players }, (_, player) => {
    let value = 0;
    for (let set = 0; set < sets; set++) {
      if ((set >> player) & 1) continue;
      const gain = (values[set | (1 << player)] as number) - (values[set] as number);
      value += gain * (weights[bits(set)] as number);
    }
    return value;
  });
}

function bits(set: number): number {
  let count = 0;
  for (let left = set; left > 0; left >>= 1) count += left & 1;
  return count;
}

function binomial(n: number, k: number): number {
  let value = 1;
  for (let step = 1; step <= k; step++) value = (value * (n - step + 1)) / step;
  return value;
}
