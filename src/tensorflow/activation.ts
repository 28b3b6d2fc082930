import type { Tensor } from '@tensorflow/tfjs-core';
import type { Activation } from '../model/layers.ts';
import type { Tf } from './runtime.ts';

/** Applies an activation by its name. */
export function activate(tf: Tf, activation: Activation, input: Tensor): Tensor {
  switch (activation) {
    case 'linear':
      return input;
    case 'relu':
      return tf.relu(input);
    case 'sigmoid':
      return tf.sigmoid(input);
    case 'tanh':
      return tf.tanh(input);
    case 'softmax':
      return tf.softmax(input);
    case 'elu':
      return tf.elu(input);
    case 'selu':
      return tf.selu(input);
    case 'softplus':
      return tf.softplus(input);
    case 'swish':
      return tf.mul(input, tf.sigmoid(input));
  }
}
