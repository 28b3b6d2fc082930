import type { Tensor } from '@tensorflow/tfjs-core';
import type { JsonObject } from '../util/json.ts';
import type { Apply, LayerSetting } from './layer.ts';
import type { Tf } from './runtime.ts';

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
  return ({ tf }, input, weights, mode) => {
    const { rest, ...affine } = learned(config, weights);
    const [movingMean, movingVariance] = rest as [Tensor, Tensor];
    if (!mode.training) return standardised(tf, input, { mean: movingMean, variance: movingVariance, epsilon }, affine);
    const { mean, variance } = tf.moments(input, axes);
    const moved = (average: Tensor, value: Tensor): Tensor =>
      tf.add(tf.mul(average, momentum), tf.mul(value, 1 - momentum));
    mode.update(movingMean, moved(movingMean, mean));
    mode.update(movingVariance, moved(movingVariance, variance));
    return standardised(tf, input, { mean, variance, epsilon }, affine);
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
