import { expect, test } from 'vitest';
import { normalPoint, normalShare } from '../../src/metrics/normal.ts';

// scipy.stats.norm.cdf and ppf, SciPy 1.15.3.
test.each([
  [-3, 0.0013498980316300933],
  [-1, 0.15865525393145707],
  [0, 0.5],
  [1.959963984540054, 0.975],
  [5, 0.9999997133484281],
])('below %d lies the share that SciPy says, and the other way round', (point, share) => {
  expect(normalShare(point)).toBeCloseTo(share, 14);
  expect(normalPoint(share)).toBeCloseTo(point, 9);
});

test('far out there is nothing left', () => {
  expect([normalShare(-40), normalShare(40)]).toEqual([0, 1]);
  expect([normalPoint(0), normalPoint(1)]).toEqual([-8, 8]);
});
