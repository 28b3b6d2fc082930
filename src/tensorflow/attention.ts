import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { product } from './kernels.ts';
import type { Apply, LayerSetting } from './layer.ts';
import type { TensorFlow } from './runtime.ts';
import { dropped } from './shape-layers.ts';

/**
 * Self-attention with several heads (Vaswani et al., 2017) over [steps, features], as keras.layers.MultiHeadAttention with
 * query, key and value the same.
 */
export function attentionLayer({ config, inputShape, index }: LayerSetting): Apply {
  const [steps = 0, features = 0] = inputShape;
  const [heads, keys] = [config['numHeads'] as number, config['keyDim'] as number];
  const values = (config['valueDim'] ?? keys) as number;
  const rate = (config['dropout'] ?? 0) as number;
  const perProjection = config['useBias'] === false ? 1 : 2;

  /** [batch * steps, inputs] to [batch * steps, outputs] by a kernel of more than two axes. */
  const project = (tensorflow: TensorFlow, input: Tensor2D, weights: readonly Tensor[], outputs: number): Tensor2D => {
    const { tf } = tensorflow;
    const [kernel, bias] = weights;
    const flat = tf.reshape(kernel as Tensor, [-1, outputs]) as Tensor2D;
    const flatBias = bias === undefined ? undefined : (tf.reshape(bias, [outputs]) as Tensor1D);
    return product(tensorflow, input, flat, flatBias);
  };

  return (tensorflow, input, weights, mode) => {
    const { tf } = tensorflow;
    const of = (place: number): readonly Tensor[] => weights.slice(perProjection * place, perProjection * (place + 1));
    const flat = tf.reshape(input, [-1, features]) as Tensor2D;
    /** [batch, heads, steps, size] */
    const split = (place: number, size: number): Tensor =>
      tf.transpose(
        tf.reshape(project(tensorflow, flat, of(place), heads * size), [-1, steps, heads, size]),
        [0, 2, 1, 3],
      );
    const [query, key, value] = [split(0, keys), split(1, keys), split(2, values)];
    const scores = tf.softmax(tf.matMul(tf.mul(query, 1 / Math.sqrt(keys)), key, false, true));
    const attention = mode.training ? dropped(tf, scores, rate, index, mode) : scores;
    const together = tf.reshape(tf.transpose(tf.matMul(attention, value), [0, 2, 1, 3]), [-1, heads * values]);
    return tf.reshape(project(tensorflow, together as Tensor2D, of(3), features), [-1, steps, features]);
  };
}
