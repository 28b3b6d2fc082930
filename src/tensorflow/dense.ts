import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { Activation } from '../model/layers.ts';
import { activate } from './activation.ts';
import { product } from './kernels.ts';
import type { Apply, LayerSetting } from './layer.ts';

/** A fully connected layer over the last axis, as keras.layers.Dense. */
export function denseLayer({ config, inputShape, outputShape }: LayerSetting): Apply {
  const inputs = inputShape.at(-1) ?? 0;
  const activation = (config['activation'] ?? 'linear') as Activation;
  return (tensorflow, input, [kernel, bias]) => {
    const { tf } = tensorflow;
    const flat = (inputShape.length === 1 ? input : tf.reshape(input, [-1, inputs])) as Tensor2D;
    const sum = product(tensorflow, flat, kernel as Tensor2D, bias as Tensor1D | undefined);
    const activated = activate(tensorflow, activation, sum);
    return outputShape.length === 1 ? activated : tf.reshape(activated, [-1, ...outputShape]);
  };
}
