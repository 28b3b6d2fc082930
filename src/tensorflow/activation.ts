import type { Tensor } from '@tensorflow/tfjs-core';
import type { Activation } from '../model/layers.ts';
import { fusedFunction } from './kernels.ts';
import type { TensorFlow } from './runtime.ts';

/** Applies an activation by its name. */
export function activate(tensorflow: TensorFlow, activation: Activation, input: Tensor): Tensor {
  const { tf, native } = tensorflow;
  switch (activation) {
    case 'linear':
      return input;
    case 'softmax':
      return tf.softmax(input);
    case 'swish':
      return tf.mul(input, activate(tensorflow, 'sigmoid', input));
    case 'relu':
    case 'sigmoid':
    case 'tanh':
    case 'elu':
    case 'selu':
    case 'softplus':
      return native === undefined ? tf[activation](input) : fusedFunction(tensorflow, native, activation, input);
  }
}
