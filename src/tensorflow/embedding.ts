import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { Apply } from './layer.ts';

/** A vector for each whole number of the input, as keras.layers.Embedding. */
export function embeddingLayer(): Apply {
  return ({ tf }, input, [embeddings]) => tf.gather(embeddings as Tensor2D, tf.cast(input, 'int32'));
}
