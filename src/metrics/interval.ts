/** An interval of a share; both ends lie in [0, 1]. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The 97.5 % point of the standard normal distribution: two-sided 95 %. */
export const normalPoint975 = 1.959963984540054;

/**
 * Wilson's score interval of a share, `correct` of `total` (E. B. Wilson, "Probable inference, the law of succession,
 * and statistical inference", JASA 22, 1927; recommended for any sample size by Brown, Cai and DasGupta, Statistical
 * Science 16, 2001). It covers the chance of the test rows only, not that of training with another seed.
 * Of no rows nothing is known: 0 to 1.
 */
export function wilsonInterval(correct: number, total: number, point: number = normalPoint975): Interval {
  if (total === 0) return { low: 0, high: 1 };
  const share = correct / total;
  const square = point * point;
  const centre = share + square / (2 * total);
  const spread = point * Math.sqrt((share * (1 - share)) / total + square / (4 * total * total));
  const scale = 1 + square / total;
  return {
    low: correct === 0 ? 0 : (centre - spread) / scale,
    high: correct === total ? 1 : (centre + spread) / scale,
  };
}
