import { expect, test } from 'vitest';
import type { Column } from '../../src/artifact/column.ts';
import { cvResults, selection } from '../../src/search/collect.ts';
import { ranks } from '../../src/search/statistics.ts';

const result = (dropout: number, scores: number[]) => ({
  combination: { dropout, optimizer: 'adam' },
  folds: scores.map((score, index) => ({ score, fitSeconds: index + 1, scoreSeconds: 0.5 })),
});
const results = [result(0.1, [0.5, 0.7]), result(0.2, [0.6, 0.8]), result(0.3, [Number.NaN, 0.9])];

function column(columns: readonly Column[], name: string): unknown[] {
  const found = columns.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no column ${name}`);
  return Array.from(found.values as ArrayLike<unknown>);
}

test("the columns are scikit-learn's, in its order", () => {
  expect(cvResults(results, {}).columns.map((one) => one.name)).toEqual([
    'mean_fit_time',
    'std_fit_time',
    'mean_score_time',
    'std_score_time',
    'param_dropout',
    'param_optimizer',
    'params',
    'split0_test_score',
    'split1_test_score',
    'mean_test_score',
    'std_test_score',
    'rank_test_score',
  ]);
});

test('means, deviations and ranks are those of GridSearchCV', () => {
  const { columns } = cvResults(results, {});
  expect(column(columns, 'mean_fit_time')).toEqual([1.5, 1.5, 1.5]);
  expect(column(columns, 'std_fit_time')).toEqual([0.5, 0.5, 0.5]);
  expect(column(columns, 'mean_test_score')).toEqual([0.6, 0.7, Number.NaN]);
  expect(column(columns, 'rank_test_score')).toEqual([2, 1, 3]);
  expect(column(columns, 'param_optimizer')).toEqual(['adam', 'adam', 'adam']);
});

test('equal scores share the better rank, diverged ones the last', () => {
  expect([...ranks([0.5, 0.7, 0.7, Number.NaN, 0.2, Number.NaN])]).toEqual([3, 1, 1, 5, 4, 5]);
});

test('the winner is marked, and those that cannot win rank behind those that can', () => {
  const given = { ...result(0.1, [0.9]), isFinalist: false, partial: { epochs: 1, round: 0 } };
  const { columns } = selection([given, { ...result(0.2, [0.5, 0.7]), partial: { epochs: 3, round: 1 } }], 1, {});
  expect(column(columns, 'selected')).toEqual([0, 1]);
  expect(column(columns, 'rank')).toEqual([2, 1]);
  expect(column(columns, 'split1_test_score')).toEqual([Number.NaN, 0.7]);
  expect([column(columns, 'pipe_epochs'), column(columns, 'pipe_folds')]).toEqual([
    [1, 3],
    [1, 2],
  ]);
});

test('the selection has no times: the same scores are the same bytes', () => {
  const slow = results.map((one) => ({ ...one, folds: one.folds.map((fold) => ({ ...fold, fitSeconds: 99 })) }));
  expect(selection(slow, 1, {})).toEqual(selection(results, 1, {}));
});

test('grids of a list that have other hyperparameters all have their columns, empty where a combination has none', () => {
  const { columns } = cvResults([result(0.1, [0.5]), { ...result(0, [0.6]), combination: { units: 8 } }], {});
  expect(column(columns, 'param_units')).toEqual([Number.NaN, 8]);
  expect(column(columns, 'param_dropout')).toEqual([0.1, Number.NaN]);
  expect(column(columns, 'param_optimizer')).toEqual(['adam', null]);
});
