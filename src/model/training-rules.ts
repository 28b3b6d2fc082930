import type { LayerRules } from './layers.ts';
import type { ValueKind, ValueRule } from './value-kind.ts';

/** Early stopping by Keras's rule (keras.callbacks.EarlyStopping). */
export interface EarlyStoppingSetting {
  readonly monitor: 'validationLoss' | 'validationAccuracy';
  readonly patience: number;
  readonly minDelta: number;
  readonly restoreBestWeights: boolean;
  readonly startFromEpoch: number;
  /** Share of the training rows that is watched where there are no validation rows. */
  readonly validationFraction: number;
}

/** Random affine maps of training images. */
export interface AugmentationSetting {
  /**
   * Share of the images that are distorted, drawn anew in each step. Distorted ones are a little smoother for being interpolated: a
   * network that never sees the others is worse on the rows that it is scored by.
   */
  readonly share: number;
  /** Largest angle, in degrees. */
  readonly rotation: number;
  /** Largest way, as a share of the image's size. */
  readonly translation: number;
  /** Largest change of size, as a share. */
  readonly zoom: number;
  /** Largest slant, in degrees. */
  readonly shear: number;
  /** Value of what comes from outside the image, as the network sees it: after the division by the scale. */
  readonly fill: number;
}

/** Weights of the classes in the loss: by how rare they are, or by name; classes that are not named count 1. */
export type ClassWeights = 'balanced' | Readonly<Record<string, number>>;

const share: ValueKind = { type: 'number', minimum: 0, maximum: 1, exclusive: 'maximum' };
const degrees: ValueKind = { type: 'number', minimum: 0, maximum: 90, exclusive: 'maximum' };
const flag: ValueKind = { type: 'boolean' };

const optional = (kind: ValueKind, description: string): ValueRule => ({ kind, description });

export const earlyStoppingRules: LayerRules = {
  monitor: optional(
    { type: 'choice', choices: ['validationLoss', 'validationAccuracy'] },
    'What must get better, validationLoss by default.',
  ),
  patience: optional({ type: 'count', zero: true }, 'Epochs without a better one before it stops, 3 by default.'),
  minDelta: optional({ type: 'number', minimum: 0 }, 'Least change that counts as better, 0 by default.'),
  restoreBestWeights: optional(flag, 'Go back to the weights of the best epoch, true by default.'),
  startFromEpoch: optional({ type: 'count', zero: true }, 'Epochs that are not watched, 0 by default.'),
  validationFraction: optional(
    { type: 'number', minimum: 0, maximum: 1, exclusive: 'both' },
    'Share of the training rows that is held out to be watched where the split has no validation rows, 0.1 by default.',
  ),
};

export const earlyStoppingDefaults: EarlyStoppingSetting = {
  monitor: 'validationLoss',
  patience: 3,
  minDelta: 0,
  restoreBestWeights: true,
  startFromEpoch: 0,
  validationFraction: 0.1,
};

export const augmentationRules: LayerRules = {
  share: optional(
    { type: 'number', minimum: 0, maximum: 1, exclusive: 'minimum' },
    'Share of the images that are distorted, 0.75 by default; the others are given as they are, as in scoring.',
  ),
  rotation: optional(degrees, 'Largest angle, in degrees.'),
  translation: optional(share, "Largest way, as a share of the image's height and width."),
  zoom: optional(share, 'Largest change of size, as a share.'),
  shear: optional(degrees, 'Largest slant, in degrees.'),
  fill: optional({ type: 'number' }, 'Value of what comes from outside, as the network sees it; 0 by default.'),
};

export const augmentationDefaults: AugmentationSetting = {
  share: 0.75,
  rotation: 0,
  translation: 0,
  zoom: 0,
  shear: 0,
  fill: 0,
};
