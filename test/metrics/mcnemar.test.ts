import { expect, it } from 'vitest';
import { mcnemarTest } from '../../src/metrics/mcnemar.ts';

/** Rows on which only the first, only the second, or both are right. */
function rows(onlyFirst: number, onlySecond: number, both: number) {
  const total = onlyFirst + onlySecond + both;
  return {
    labels: new Int32Array(total),
    first: Int32Array.from({ length: total }, (_, row) => (row >= onlyFirst && row < onlyFirst + onlySecond ? 1 : 0)),
    second: Int32Array.from({ length: total }, (_, row) => (row < onlyFirst ? 1 : 0)),
  };
}

it.each([
  [412, 350, 0.02705404182443191],
  [3, 9, 0.14599609375],
  [5, 5, 1],
  [0, 4, 0.125],
  [1500, 1200, 8.412086328628609e-9],
  [0, 0, 1],
])("of %i against %i discordant rows gives SciPy's exact binomial p-value", (onlyFirst, onlySecond, p) => {
  const { labels, first, second } = rows(onlyFirst, onlySecond, 7);
  const test = mcnemarTest(labels, first, second);
  expect(test).toMatchObject({ onlyFirst, onlySecond });
  expect(Math.abs(test.pValue / p - 1)).toBeLessThan(1e-9);
});

it('refuses predictions of another number of rows', () => {
  expect(() => mcnemarTest(new Int32Array(2), new Int32Array(2), new Int32Array(3))).toThrow('2 labels, but 2 and 3');
});
