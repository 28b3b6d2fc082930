import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { ResolvedLayer } from '../model/description.ts';
import { type Padding, pair, slidExtent } from './convolution.ts';
import type { Layer } from './layer.ts';

/** Maximum or mean of windows over [height, width, channels], as keras.layers.MaxPooling2D and AveragePooling2D. */
export function poolingLayer(
  { layer, config }: ResolvedLayer,
  [height = 0, width = 0, channels = 0]: readonly number[],
): Layer {
  const window = pair(config['poolSize'], 2);
  const strides = config['strides'] === undefined ? window : pair(config['strides'], 1);
  const padding = (config['padding'] ?? 'valid') as Padding;
  return {
    outputShape: [
      slidExtent(height, window[0], strides[0], padding),
      slidExtent(width, window[1], strides[1], padding),
      channels,
    ],
    weights: [],
    apply: ({ tf }, input) => {
      const pool = layer === 'maxPooling2d' ? tf.maxPool : tf.avgPool;
      return pool(input as Tensor4D, window, strides, padding);
    },
  };
}

/** Maximum or mean over height and width. */
export function globalPoolingLayer({ layer }: ResolvedLayer, inputShape: readonly number[]): Layer {
  return {
    outputShape: [inputShape.at(-1) as number],
    weights: [],
    apply: ({ tf }, input) => (layer === 'globalMaxPooling2d' ? tf.max(input, [1, 2]) : tf.mean(input, [1, 2])),
  };
}
