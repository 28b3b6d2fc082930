import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { ResolvedLayer } from '../model/description.ts';
import type { Activation, Initializer } from '../model/layers.ts';
import { activate } from './activation.ts';
import { product } from './kernels.ts';
import type { Layer } from './layer.ts';

/** A fully connected layer over the last axis, as keras.layers.Dense. */
export function denseLayer({ config }: ResolvedLayer, inputShape: readonly number[]): Layer {
  const units = config['units'] as number;
  const inputs = inputShape.at(-1) as number;
  const useBias = config['useBias'] !== false;
  const activation = (config['activation'] ?? 'linear') as Activation;
  const kernel = {
    name: 'kernel',
    shape: [inputs, units],
    initializer: (config['kernelInitializer'] ?? 'glorotUniform') as Initializer,
  };
  const bias = { name: 'bias', shape: [units], initializer: (config['biasInitializer'] ?? 'zeros') as Initializer };
  const outputShape = [...inputShape.slice(0, -1), units];
  return {
    outputShape,
    weights: useBias ? [kernel, bias] : [kernel],
    apply: (tensorflow, input, [kernelValues, biasValues]) => {
      const { tf } = tensorflow;
      const flat = (inputShape.length === 1 ? input : tf.reshape(input, [-1, inputs])) as Tensor2D;
      const sum = product(tensorflow, flat, kernelValues as Tensor2D, biasValues as Tensor1D | undefined);
      const activated = activate(tensorflow, activation, sum);
      return outputShape.length === 1 ? activated : tf.reshape(activated, [-1, ...outputShape]);
    },
  };
}
