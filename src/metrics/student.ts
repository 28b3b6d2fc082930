/** Coefficients of Lanczos's approximation of the gamma function, g = 7 (as in Numerical Recipes, third edition, section 6.1). */
const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** Natural logarithm of the gamma function of a positive number. */
function logGamma(value: number): number {
  const x = value - 1;
  const base = x + 7.5;
  const sum = lanczos.slice(1).reduce((total, term, index) => total + term / (x + index + 1), lanczos[0] ?? 1);
  return 0.5 * Math.log(2 * Math.PI) + (x + 0.5) * Math.log(base) - base + Math.log(sum);
}

/** Smallest change of a continued fraction that is still followed, and the steps after which it is given up. */
const precision = 1e-15;
const mostSteps = 500;

/** The regularised incomplete beta function by its continued fraction (Lentz's method; Numerical Recipes, section 6.4). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x)) / a;
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= mostSteps; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    fraction *= d * c;
    if (Math.abs(d * c - 1) < precision) break;
  }
  return front * fraction;
}

/** Two-sided p-value of Student's t with some degrees of freedom. */
export function studentPValue(t: number, degrees: number): number {
  if (!Number.isFinite(t)) return Number.isNaN(t) ? Number.NaN : 0;
  return incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
}

/** The point beyond which, on both sides together, lies a share of Student's distribution: 4.303 for 0.05 and 2 degrees of freedom. */
export function studentPoint(share: number, degrees: number): number {
  let [low, high] = [0, 1];
  while (studentPValue(high, degrees) > share) high *= 2;
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2;
    if (studentPValue(middle, degrees) > share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
