import type { Tensor2D } from '@tensorflow/tfjs-core';
import { type Failure, failure } from '../errors/failure.ts';
import type { ModelCore } from '../model/description.ts';
import type { TrainingData } from './batches.ts';
import type { Apply } from './layer.ts';

/** A vector for each whole number of the input, as keras.layers.Embedding. */
export function embeddingLayer(): Apply {
  return ({ tf }, input, [embeddings]) => tf.gather(embeddings as Tensor2D, tf.cast(input, 'int32'));
}

/**
 * What is wrong with a model that begins with an embedding of these samples: a value that it has no vector for would stop
 * TensorFlow in the middle of a fit. Undefined when all is well.
 */
export function embeddingMisfit({ layers }: ModelCore, { images, scale }: TrainingData): Failure | undefined {
  const [first] = layers;
  if (first?.layer !== 'embedding') return undefined;
  const inputDim = first.config['inputDim'] as number;
  let largest = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < images.rows; row++) for (const value of images.row(row)) if (value > largest) largest = value;
  if (Math.trunc(largest / scale) < inputDim) return undefined;
  const message = `the embedding has vectors for 0 to ${inputDim - 1}, and the samples have a ${Math.trunc(largest / scale)}`;
  return failure('model-embedding', message, { hint: 'give it a larger inputDim, or normalise with another scale' });
}
