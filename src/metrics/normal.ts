/**
 * Share of the standard normal distribution below a point, by its series around 0 (G. Marsaglia, "Evaluating the normal
 * distribution", Journal of Statistical Software 11, 2004). Beyond 8 the rest is below what a double holds beside 1.
 */
export function normalShare(point: number): number {
  if (point < -8) return 0;
  if (point > 8) return 1;
  let [sum, term] = [point, point];
  for (let k = 3; sum + term !== sum; k += 2) {
    term *= (point * point) / k;
    sum += term;
  }
  return 0.5 + sum * Math.exp(-0.5 * point * point - 0.5 * Math.log(2 * Math.PI));
}

/** The point below which a share of the standard normal distribution lies, found by halving; -8 and 8 at most. */
export function normalPoint(share: number): number {
  let [low, high] = [-8, 8];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (normalShare(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
