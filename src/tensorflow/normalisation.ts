import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import type { JsonObject } from '../util/json.ts';
import { normalizedBatch, normalizedBy } from './kernels.ts';
import type { Apply, LayerSetting } from './layer.ts';
import type { Tf } from './runtime.ts';

/** keras.backend.epsilon(): a feature that never changes is not divided by zero. */
const leastDeviation = 1e-7;

const epsilonOf = (config: JsonObject): number => (config['epsilon'] ?? 0.001) as number;

/** Scale and centre out of a layer's weights, which begin with those that it has. */
function learned(config: JsonObject, weights: readonly Tensor[]): { scale?: Tensor; center?: Tensor; rest: Tensor[] } {
  const rest = [...weights];
  const scale = config['scale'] === false ? undefined : rest.shift();
  const center = config['center'] === false ? undefined : rest.shift();
  return { ...(scale === undefined ? {} : { scale }), ...(center === undefined ? {} : { center }), rest };
}

function standardised(
  tf: Tf,
  input: Tensor,
  { mean, variance, epsilon }: { readonly mean: Tensor; readonly variance: Tensor; readonly epsilon: number },
  { scale, center }: { readonly scale?: Tensor; readonly center?: Tensor },
): Tensor {
  const inverse = tf.rsqrt(tf.add(variance, epsilon));
  const factor = scale === undefined ? inverse : tf.mul(inverse, scale);
  const centred = tf.mul(tf.sub(input, mean), factor);
  return center === undefined ? centred : tf.add(centred, center);
}

/**
 * Batch normalization (Ioffe and Szegedy, 2015) over all axes but the last one, as keras.layers.BatchNormalization: in training
 * by the batch's own moments, which also move the averages that are used elsewhere.
 */
export function batchNormalizationLayer({ config, inputShape }: LayerSetting): Apply {
  const momentum = (config['momentum'] ?? 0.99) as number;
  const epsilon = epsilonOf(config);
  const axes = inputShape.map((_, axis) => axis);
  return (tensorflow, input, weights, mode) => {
    const { tf, native } = tensorflow;
    const { rest, ...affine } = learned(config, weights);
    const [movingMean, movingVariance] = rest as [Tensor, Tensor];
    const moving = { mean: movingMean, variance: movingVariance };
    const move = (mean: Tensor, variance: Tensor): void => {
      const moved = (average: Tensor, value: Tensor): Tensor =>
        tf.add(tf.mul(average, momentum), tf.mul(value, 1 - momentum));
      mode.update(movingMean, moved(movingMean, mean));
      mode.update(movingVariance, moved(movingVariance, variance));
    };
    if (native === undefined) {
      if (!mode.training) return standardised(tf, input, { ...moving, epsilon }, affine);
      const { mean, variance } = tf.moments(input, axes);
      move(mean, variance);
      return standardised(tf, input, { mean, variance, epsilon }, affine);
    }
    const [channels] = movingMean.shape as [number];
    const fused = {
      scale: (affine.scale ?? tf.ones([channels])) as Tensor1D,
      center: (affine.center ?? tf.zeros([channels])) as Tensor1D,
      epsilon,
    };
    const images = (input.rank === 4 ? input : tf.reshape(input, [-1, 1, 1, channels])) as Tensor4D;
    const back = (value: Tensor4D): Tensor => (input.rank === 4 ? value : tf.reshape(value, input.shape));
    if (!mode.training) return back(normalizedBy(tensorflow, native, images, fused, moving));
    const { value, mean, variance } = normalizedBatch(tensorflow, native, images, fused);
    move(mean, variance);
    tf.dispose([mean, variance]);
    return back(value);
  };
}

/** Features less their mean, by their standard deviation, as keras.layers.Normalization: by statistics that are given. */
export function normalizationLayer(): Apply {
  return ({ tf }, input, weights) => {
    const [mean, variance] = weights as [Tensor, Tensor];
    return tf.div(tf.sub(input, mean), tf.maximum(tf.sqrt(variance), leastDeviation));
  };
}

/** Layer normalization (Ba et al., 2016) of each sample over its last axis, as keras.layers.LayerNormalization. */
export function layerNormalizationLayer({ config }: LayerSetting): Apply {
  const epsilon = epsilonOf(config);
  return ({ tf }, input, weights) => {
    const { rest: _, ...affine } = learned(config, weights);
    const { mean, variance } = tf.moments(input, -1, true);
    return standardised(tf, input, { mean, variance, epsilon }, affine);
  };
}
