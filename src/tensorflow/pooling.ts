import type { Tensor4D } from '@tensorflow/tfjs-core';
import { type Padding, pair } from '../model/layer-form.ts';
import type { Apply, LayerSetting } from './layer.ts';

/** Maximum or mean of windows over [height, width, channels], as keras.layers.MaxPooling2D and AveragePooling2D. */
export function poolingLayer({ layer, config }: LayerSetting): Apply {
  const window = pair(config['poolSize'], 2);
  const strides = config['strides'] === undefined ? window : pair(config['strides'], 1);
  const padding = (config['padding'] ?? 'valid') as Padding;
  return ({ tf }, input) => {
    const pool = layer === 'maxPooling2d' ? tf.maxPool : tf.avgPool;
    return pool(input as Tensor4D, window, strides, padding);
  };
}

/** Maximum or mean over all axes of a sample but the last one: over the steps of a sequence, or over height and width. */
export function globalPoolingLayer({ layer, inputShape }: LayerSetting): Apply {
  const axes = inputShape.slice(0, -1).map((_, axis) => axis + 1);
  return ({ tf }, input) => (layer.startsWith('globalMax') ? tf.max(input, axes) : tf.mean(input, axes));
}
