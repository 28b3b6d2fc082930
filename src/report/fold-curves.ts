import { mean } from '../search/statistics.ts';
import type { Curve } from './chart-curves.ts';
import type { Combination, CombinationCurves, Epoch, FoldCurve } from './study.ts';

/** The accuracy of a combination's fits over their epochs: the folds one by one, and their means. */
export interface FoldCurves {
  readonly epochs: readonly number[];
  readonly means: readonly [training: Curve, heldOut: Curve];
  readonly members: readonly Curve[];
}

/**
 * A fold that was scored at its end alone has a single value of the held-out rows, its score. A mean is taken where all folds have a
 * value: one of fewer would jump where a fit ended before the others.
 */
export function foldCurves({ folds }: CombinationCurves, combination: Combination | undefined): FoldCurves {
  const last = Math.max(0, ...folds.flatMap(({ epochs }) => epochs.map(({ epoch }) => epoch)));
  const epochs = Array.from({ length: last }, (_, index) => index + 1);
  const training = folds.map((fold) => member('training', fold, epochs, ({ accuracy }) => accuracy));
  const heldOut = folds.map((fold): Curve => {
    const curve = member('held out', fold, epochs, ({ validationAccuracy }) => validationAccuracy);
    if (curve.values.some(Number.isFinite)) return { ...curve, isDashed: true };
    const end = epochs.length === 0 ? -1 : Math.max(...fold.epochs.map(({ epoch }) => epoch)) - 1;
    const score = combination?.folds[fold.fold] ?? Number.NaN;
    return { ...curve, isDashed: true, values: epochs.map((_, row) => (row === end ? score : Number.NaN)) };
  });
  return {
    epochs,
    means: [
      { name: 'training', isDashed: false, values: meanOf(training, epochs.length) },
      { name: 'held out', isDashed: true, values: meanOf(heldOut, epochs.length) },
    ],
    members: [...training, ...heldOut],
  };
}

function member(
  name: string,
  { fold, epochs: history }: FoldCurve,
  epochs: readonly number[],
  pick: (epoch: Epoch) => number,
): Curve {
  const byEpoch = new Map(history.map((one) => [one.epoch, pick(one)]));
  return {
    name: `${name}, fold ${fold + 1}`,
    isDashed: false,
    values: epochs.map((epoch) => byEpoch.get(epoch) ?? Number.NaN),
  };
}

function meanOf(curves: readonly Curve[], epochs: number): number[] {
  return Array.from({ length: epochs }, (_, row) => mean(curves.map(({ values }) => values[row] ?? Number.NaN)));
}
