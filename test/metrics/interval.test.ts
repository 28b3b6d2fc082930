import { expect, it } from 'vitest';
import { wilsonInterval } from '../../src/metrics/interval.ts';

it.each([
  [8363, 10000, 0.8289191759732636, 0.8434225467226194],
  [0, 20, 0, 0.16112515805281935],
  [9, 10, 0.5958499732047615, 0.9821237869049271],
  [20, 20, 0.8388748419471808, 1],
])("Wilson's interval of %i of %i equals SciPy's", (correct, total, low, high) => {
  const interval = wilsonInterval(correct, total);
  expect(interval.low).toBeCloseTo(low, 12);
  expect(interval.high).toBeCloseTo(high, 12);
});

it('knows nothing of no rows', () => {
  expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
});
