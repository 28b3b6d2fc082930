import { expect, test } from 'vitest';
import { foldCurves } from '../../src/report/fold-curves.ts';
import type { Combination, CombinationCurves, Epoch } from '../../src/report/study.ts';

const epoch = (number: number, accuracy: number, heldOut = Number.NaN): Epoch => ({
  epoch: number,
  loss: 1,
  accuracy,
  validationLoss: Number.NaN,
  validationAccuracy: heldOut,
});

const curves = (...folds: Epoch[][]): CombinationCurves => ({
  params: {},
  selected: true,
  folds: folds.map((epochs, fold) => ({ fold, epochs })),
});

const combination = { params: {}, rank: 1, mean: 0.5, deviation: 0, folds: [0.4, 0.6], selected: true } as Combination;

test('each fold is a line for training and one for what was held out, and their means stand beside them', () => {
  const made = foldCurves(
    curves([epoch(1, 0.2, 0.1), epoch(2, 0.4, 0.3)], [epoch(1, 0.4, 0.3), epoch(2, 0.6, 0.5)]),
    combination,
  );
  expect(made.members.map(({ name, isDashed }) => [name, isDashed])).toEqual([
    ['training, fold 1', false],
    ['training, fold 2', false],
    ['held out, fold 1', true],
    ['held out, fold 2', true],
  ]);
  expect(made.means.map(({ values }) => values.map((value) => Number(value.toFixed(6))))).toEqual([
    [0.3, 0.5],
    [0.2, 0.4],
  ]);
});

test('a fold that was scored at its end alone has its score there', () => {
  const made = foldCurves(curves([epoch(1, 0.2), epoch(2, 0.4)], [epoch(1, 0.4), epoch(2, 0.6)]), combination);
  expect(made.members.slice(2).map(({ values }) => values)).toEqual([
    [Number.NaN, 0.4],
    [Number.NaN, 0.6],
  ]);
  expect(made.means[1].values).toEqual([Number.NaN, 0.5]);
});

test('there is no mean where a fold has ended already: it would jump', () => {
  const made = foldCurves(curves([epoch(1, 0.2, 0.1), epoch(2, 0.4, 0.3)], [epoch(1, 0.4, 0.3)]), combination);
  expect(made.epochs).toEqual([1, 2]);
  expect(made.means[0].values[1]).toBeNaN();
});
