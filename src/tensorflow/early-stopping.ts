import type { EarlyStoppingSetting } from '../model/training-rules.ts';
import type { EpochScores } from './train.ts';

/** What early stopping remembers from epoch to epoch. */
export interface StoppingState {
  readonly best?: number;
  readonly bestEpoch?: number;
  /** Epochs since the best one. */
  readonly wait: number;
  /** Weights after the best epoch, where they are to be restored. */
  readonly weights?: readonly Float32Array[];
}

/** Nothing seen yet. */
export const nothingSeen: StoppingState = { wait: 0 };

/** Whether a fit that goes on from a checkpoint was stopped before: it must not train on. */
export function wasStopped(setting: EarlyStoppingSetting | undefined, { wait }: StoppingState, epoch: number): boolean {
  return setting !== undefined && wait >= setting.patience && epoch > 1;
}

/**
 * Takes the scores of an epoch by the rule of keras.callbacks.EarlyStopping: better by more than `minDelta` begins to
 * wait anew, `patience` epochs that are not better stop the fit. A score that is not a number is never better.
 */
export function afterEpoch(
  setting: EarlyStoppingSetting,
  before: StoppingState,
  scores: EpochScores,
  weights: () => readonly Float32Array[],
): { readonly state: StoppingState; readonly stop: boolean } {
  const { monitor, minDelta, patience, startFromEpoch, restoreBestWeights } = setting;
  const { epoch } = scores;
  if (epoch <= startFromEpoch) return { state: before, stop: false };
  const current = monitor === 'validationLoss' ? scores.validationLoss : scores.validationAccuracy;
  const { best } = before;
  const isBetter =
    best === undefined || (monitor === 'validationLoss' ? current + minDelta < best : current - minDelta > best);
  if (isBetter && !Number.isNaN(current)) {
    const kept = restoreBestWeights ? { weights: weights() } : {};
    return { state: { best: current, bestEpoch: epoch, wait: 0, ...kept }, stop: false };
  }
  const wait = before.wait + 1;
  return { state: { ...before, wait }, stop: wait >= patience && epoch > 1 };
}
