import type { Tensor } from '@tensorflow/tfjs-core';
import type { ResolvedLayer } from '../model/description.ts';
import type { Activation } from '../model/layers.ts';
import { activate } from './activation.ts';
import type { Layer, StepMode } from './layer.ts';
import type { Tf } from './runtime.ts';

function size(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

export function flattenLayer(inputShape: readonly number[]): Layer {
  const length = size(inputShape);
  return { outputShape: [length], weights: [], apply: ({ tf }, input) => tf.reshape(input, [-1, length]) };
}

/** Gives a sample another shape of the same size; one extent may be -1. */
export function reshapeLayer({ config }: ResolvedLayer, inputShape: readonly number[]): Layer {
  const target = config['targetShape'] as readonly number[];
  const known = target.filter((extent) => extent !== -1).reduce((product, extent) => product * extent, 1);
  const outputShape = target.map((extent) => (extent === -1 ? size(inputShape) / known : extent));
  return { outputShape, weights: [], apply: ({ tf }, input) => tf.reshape(input, [-1, ...outputShape]) };
}

/** Reorders the axes of a sample; they count from 1, as in Keras. */
export function permuteLayer({ config }: ResolvedLayer, inputShape: readonly number[]): Layer {
  const dims = config['dims'] as readonly number[];
  return {
    outputShape: dims.map((axis) => inputShape[axis - 1] as number),
    weights: [],
    apply: ({ tf }, input) => tf.transpose(input, [0, ...dims]),
  };
}

/** Drops a share of the values while training (Srivastava et al., 2014); another mask at every step. */
export function dropoutLayer({ config }: ResolvedLayer, inputShape: readonly number[], index: number): Layer {
  const rate = config['rate'] as number;
  return {
    outputShape: inputShape,
    weights: [],
    apply: ({ tf }, input, _, mode) => (mode.training ? dropped(tf, input, rate, index, mode) : input),
  };
}

/** Zeros for a share of the values, the others scaled so that the mean stays. `index` is the layer's. */
export function dropped(tf: Tf, input: Tensor, rate: number, index: number, mode: StepMode): Tensor {
  if (rate === 0) return input;
  const kept = tf.greaterEqual(mode.uniform(index, input.shape), rate);
  return tf.mul(input, tf.mul(tf.cast(kept, 'float32'), 1 / (1 - rate)));
}

export function activationLayer({ config }: ResolvedLayer, inputShape: readonly number[]): Layer {
  return {
    outputShape: inputShape,
    weights: [],
    apply: (tensorflow, input) => activate(tensorflow, config['activation'] as Activation, input),
  };
}
