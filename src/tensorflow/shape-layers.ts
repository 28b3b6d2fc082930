import type { Tensor } from '@tensorflow/tfjs-core';
import type { Activation } from '../model/layers.ts';
import { activate } from './activation.ts';
import type { Apply, LayerSetting, StepMode } from './layer.ts';
import type { Tf } from './runtime.ts';

/** Gives a sample another shape of the same size: flatten and reshape. */
export function reshapeLayer({ outputShape }: LayerSetting): Apply {
  return ({ tf }, input) => tf.reshape(input, [-1, ...outputShape]);
}

/** Reorders the axes of a sample; they count from 1, as in Keras. */
export function permuteLayer({ config }: LayerSetting): Apply {
  const dims = config['dims'] as readonly number[];
  return ({ tf }, input) => tf.transpose(input, [0, ...dims]);
}

/** Drops a share of the values while training (Srivastava et al., 2014); another mask at every step. */
export function dropoutLayer({ config, index }: LayerSetting): Apply {
  const rate = config['rate'] as number;
  return ({ tf }, input, _, mode) => (mode.training ? dropped(tf, input, rate, index, mode) : input);
}

/** Zeros for a share of the values, the others scaled so that the mean stays. `index` is the layer's. */
export function dropped(tf: Tf, input: Tensor, rate: number, index: number, mode: StepMode): Tensor {
  if (rate === 0) return input;
  const kept = tf.greaterEqual(mode.uniform(index, input.shape), rate);
  return tf.mul(input, tf.mul(tf.cast(kept, 'float32'), 1 / (1 - rate)));
}

export function activationLayer({ config }: LayerSetting): Apply {
  return (tensorflow, input) => activate(tensorflow, config['activation'] as Activation, input);
}
