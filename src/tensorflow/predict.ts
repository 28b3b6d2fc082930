import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { cutBatches, inputBatch, type TrainingData } from './batches.ts';
import type { StepMode } from './layer.ts';
import type { Network } from './network.ts';
import type { TensorFlow } from './runtime.ts';
import { createTurns } from './turns.ts';

function onlyInTraining(): never {
  throw new Error('a layer asked for what only training has');
}

/** A step that is not training draws no random numbers and keeps all weights. */
export const evaluation: StepMode = { training: false, uniform: onlyInTraining, update: onlyInTraining };

/** How many rows are scored at once. */
export const scoredAtOnce = 256;

/** What a network makes of rows. */
export interface Prediction {
  /** rows × classes. */
  readonly probabilities: Float32Array;
  /** The most probable class of each row, the first of equals. */
  readonly predicted: Int32Array;
}

/** Runs a network over rows. `weights` stay the caller's. */
export async function predict(
  tensorflow: TensorFlow,
  request: {
    readonly network: Network;
    readonly weights: readonly Tensor[];
    readonly data: TrainingData;
    readonly rows: Int32Array;
    readonly batchSize: number;
    readonly signal: AbortSignal;
  },
): Promise<Prediction> {
  const { tf } = tensorflow;
  const { network, weights, data, rows, batchSize } = request;
  const probabilities = new Float32Array(rows.length * data.classes);
  const giveTurn = createTurns(request.signal);
  let done = 0;
  for (const batch of cutBatches(rows, batchSize)) {
    const values = tf.tidy(() =>
      tf
        .softmax(
          network.logits(tensorflow, inputBatch(tf, data, batch, network.inputShape), weights, evaluation) as Tensor2D,
        )
        .dataSync(),
    );
    probabilities.set(values, done * data.classes);
    done += batch.length;
    await giveTurn();
  }
  return { probabilities, predicted: mostProbable(probabilities, data.classes) };
}

/** The most probable class of each row of probabilities [rows, classes], the first of equals. */
export function mostProbable(probabilities: Float32Array, classes: number): Int32Array {
  return Int32Array.from({ length: probabilities.length / classes }, (_, row) => {
    let best = 0;
    for (let index = 1; index < classes; index++)
      if ((probabilities[row * classes + index] as number) > (probabilities[row * classes + best] as number))
        best = index;
    return best;
  });
}

/** Share of rows whose most probable class is their label, and the mean cross-entropy (probabilities cut at 1e-7, as Keras does). */
export function scorePrediction(
  prediction: Prediction,
  data: TrainingData,
  rows: Int32Array,
): { readonly accuracy: number; readonly loss: number } {
  let right = 0;
  let loss = 0;
  rows.forEach((row, index) => {
    const label = data.labels[row] as number;
    if (prediction.predicted[index] === label) right++;
    loss -= Math.log(Math.max(1e-7, prediction.probabilities[index * data.classes + label] as number));
  });
  return { accuracy: right / rows.length, loss: loss / rows.length };
}
