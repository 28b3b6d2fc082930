import { describe, expect, it } from 'vitest';
import { cvResults } from '../../../src/search/collect.ts';
import { allCombinations, type Grid } from '../../../src/search/space.ts';
import { createRandom } from '../../../src/util/random.ts';
import { ask } from './peer.ts';

interface SklearnSearch {
  readonly columns: readonly string[];
  readonly params: readonly object[];
  readonly values: Readonly<Record<string, readonly (number | null)[]>>;
}

const grids: readonly Grid[][] = [
  [{ units: [8, 16, 32], optimizer: ['adam', 'sgd'] }],
  [{ units: [8, 16], optimizer: ['adam'] }, { rate: [0.1, 0.2, 0.3] }],
  [{ units: [4] }],
];

describe("the columns and numbers of a search are those of scikit-learn's cv_results_", () => {
  it.each(grids.map((grid, index) => [index, grid] as const))('grid %i', async (index, grid) => {
    const folds = 3;
    const random = createRandom('search', index);
    // Few different values, so that some are equal; one fit in ten diverged.
    const scores = allCombinations({ grid, exclude: [] }).map((params) => ({
      params,
      folds: Array.from({ length: folds }, () => (random.below(10) === 0 ? null : 0.7 + random.below(4) / 20)),
    }));
    const [reference] = (await ask<SklearnSearch>('sklearn_search.py', { request: { grid, folds, scores } })).lines;
    if (reference === undefined) throw new Error('no answer');
    const results = scores.map(({ params, folds: of }) => ({
      combination: params,
      folds: of.map((score) => ({ score: score ?? Number.NaN, fitSeconds: 1, scoreSeconds: 0.1 })),
    }));
    const { columns } = cvResults(results, {});
    const names = (list: readonly string[]): string[] => list.filter((name) => !name.startsWith('param_'));
    expect(names(columns.map(({ name }) => name))).toEqual(names(reference.columns));
    expect(new Set(columns.map(({ name }) => name))).toEqual(new Set(reference.columns));
    for (const [name, wanted] of Object.entries(reference.values)) {
      const column = columns.find((one) => one.name === name);
      const order = reference.params.map((params) =>
        scores.findIndex((one) => Object.entries(params).every(([key, value]) => one.params[key] === value)),
      );
      expect(order).not.toContain(-1);
      wanted.forEach((value, row) => {
        if (column?.kind !== 'number') throw new Error(`${name} is no column of numbers`);
        const own = Number(column.values[order[row] ?? -1]);
        if (value === null) expect(own, `${name} row ${row}`).toBeNaN();
        else expect(Math.abs(own - value), `${name} row ${row}`).toBeLessThanOrEqual(1e-12);
      });
    }
  });
});
