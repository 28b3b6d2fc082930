import type { Tensor } from '@tensorflow/tfjs-core';
import type { CommonConstants } from '../model/optimizers.ts';
import type { Tf } from './runtime.ts';

/** Clips gradients as Keras 3 does (keras.optimizers: clipnorm, clipvalue, global_clipnorm); at most one is set. */
export function clipGradients(
  tf: Tf,
  gradients: readonly Tensor[],
  { clipNorm, clipValue, globalClipNorm }: CommonConstants,
): readonly Tensor[] {
  if (clipValue !== undefined) return gradients.map((gradient) => tf.clipByValue(gradient, -clipValue, clipValue));
  if (clipNorm !== undefined)
    return gradients.map((gradient) => shortened(tf, gradient, norm(tf, [gradient]), clipNorm));
  if (globalClipNorm === undefined) return gradients;
  const whole = norm(tf, gradients);
  return gradients.map((gradient) => shortened(tf, gradient, whole, globalClipNorm));
}

function norm(tf: Tf, tensors: readonly Tensor[]): Tensor {
  return tf.sqrt(tf.addN(tensors.map((tensor) => tf.sum(tf.square(tensor)))));
}

/** Scales a gradient so that a norm that is longer than `longest` becomes it. */
function shortened(tf: Tf, gradient: Tensor, length: Tensor, longest: number): Tensor {
  return tf.mul(gradient, tf.div(longest, tf.maximum(length, longest)));
}
