import type { Tensor } from '@tensorflow/tfjs-core';
import type { Activation } from '../model/layers.ts';
import { fusedFunction } from './kernels.ts';
import type { TensorFlow } from './runtime.ts';

/** Applies an activation by its name, by Keras 3's definitions. */
export function activate(tensorflow: TensorFlow, activation: Activation, input: Tensor): Tensor {
  const { tf, native } = tensorflow;
  switch (activation) {
    case 'linear':
      return input;
    case 'softmax':
      return tf.softmax(input);
    case 'swish':
      return tf.mul(input, activate(tensorflow, 'sigmoid', input));
    case 'hardSigmoid':
      return tf.mul(activate(tensorflow, 'relu6', tf.add(input, 3)), 1 / 6);
    // Hendrycks and Gimpel (2016), exact.
    case 'gelu':
      return tf.mul(tf.mul(input, 0.5), tf.add(tf.erf(tf.mul(input, Math.SQRT1_2)), 1));
    // Misra (2020).
    case 'mish':
      return tf.mul(input, activate(tensorflow, 'tanh', activate(tensorflow, 'softplus', input)));
    case 'softsign':
      return native === undefined
        ? tf.div(input, tf.add(tf.abs(input), 1))
        : fusedFunction(tensorflow, native, activation, input);
    case 'relu':
    case 'relu6':
    case 'sigmoid':
    case 'tanh':
    case 'elu':
    case 'selu':
    case 'softplus':
      return native === undefined ? tf[activation](input) : fusedFunction(tensorflow, native, activation, input);
  }
}
