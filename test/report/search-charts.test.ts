import { expect, test } from 'vitest';
import { gridAxes, gridChart } from '../../src/report/chart-grid.ts';
import { isParallelWorth, parallelChart } from '../../src/report/chart-parallel.ts';
import { markupText } from '../../src/report/html.ts';
import type { Combination, SearchFacts } from '../../src/report/study.ts';

const values = { units: [8, 16, 32], rate: [0.1, 0.2], name: ['<b>', 'x'] };

const combinations = values.units.flatMap((units) =>
  values.rate.flatMap((rate) =>
    values.name.map((name): Combination => {
      const mean = units / 100 + rate + (name === 'x' ? 0.01 : 0);
      const diverged = units === 8 && rate === 0.1;
      return {
        params: { units, rate, name },
        rank: 1,
        mean: diverged ? Number.NaN : mean,
        deviation: 0,
        folds: [mean, mean + 0.01],
        selected: units === 32 && rate === 0.2 && name === 'x',
      };
    }),
  ),
);

const search: SearchFacts = {
  metric: 'accuracy',
  axes: Object.entries(values).map(([name, tried]) => ({ name, values: tried })),
  combinations,
};

test('a field of the grid is the best of what else was tried with its two values; the chosen one is outlined once', () => {
  const axes = gridAxes(search);
  if (axes === undefined) throw new Error('no axes');
  const text = markupText(gridChart('grid', 0, 'MLP', search, axes));
  expect(axes.map(({ name }) => name)).toEqual(['rate', 'units']);
  expect(text.match(/class="outline"/g)).toHaveLength(1);
  expect(text).toContain('0.5300');
  expect(text).not.toContain('0.5200');
});

test('values that no combination has, and fits that diverged, are shown as such', () => {
  const missing = {
    ...search,
    combinations: combinations.filter(({ params }) => params['units'] !== 16 || params['rate'] !== 0.1),
  };
  const axes = gridAxes(missing);
  const text = axes === undefined ? '' : markupText(gridChart('grid', 0, 'MLP', missing, axes));
  expect(text.match(/class="empty"/g)).toHaveLength(1);
});

test('parallel coordinates have a line for each combination that did not diverge, the chosen one last', () => {
  const text = markupText(parallelChart('parallel', 1, 'MLP', search));
  const lines = [...text.matchAll(/<g class="[^"]*combination([^"]*)"/g)].map(([, more]) => more);
  expect(lines).toHaveLength(10);
  expect(lines.at(-1)).toBe(' chosen-line');
  expect(text).not.toContain('<b>');
});

test('one hyperparameter, or three combinations, need no such chart', () => {
  expect(isParallelWorth(search)).toBe(true);
  expect(isParallelWorth({ ...search, axes: search.axes.slice(0, 1) })).toBe(false);
  expect(isParallelWorth({ ...search, combinations: combinations.slice(0, 3) })).toBe(false);
  expect(gridAxes({ ...search, axes: search.axes.slice(0, 1) })).toBeUndefined();
});
