import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { type Padding, pair } from '../model/layer-form.ts';
import type { Activation } from '../model/layers.ts';
import { activate } from './activation.ts';
import { convolution, shifted } from './kernels.ts';
import type { Apply, LayerSetting } from './layer.ts';
import { poolingLayer } from './pooling.ts';

/**
 * A convolution and the maximum pooling that follows it, with bias and relu after the pooling: both keep the order of values,
 * so the maximum of what they give is what they give of the maximum, and they have a quarter of the values to do.
 * Undefined where an activation between them does not allow it.
 */
export function pooledConvolution(layer: LayerSetting, pool: LayerSetting): Apply | undefined {
  const activation = (layer.config['activation'] ?? 'linear') as Activation;
  if (layer.layer !== 'conv2d' || pool.layer !== 'maxPooling2d' || !['linear', 'relu'].includes(activation))
    return undefined;
  const convolve = convolutionLayer({ ...layer, config: { ...layer.config, activation: 'linear' } });
  const reduce = poolingLayer(pool);
  return (tensorflow, input, [kernel, bias], mode) => {
    const maxima = reduce(tensorflow, convolve(tensorflow, input, [kernel as Tensor], mode), [], mode) as Tensor4D;
    const sum = bias === undefined ? maxima : shifted(tensorflow, maxima, bias as Tensor1D);
    return activate(tensorflow, activation, sum);
  };
}

/** A two-dimensional convolution over [height, width, channels], as keras.layers.Conv2D. */
export function convolutionLayer({ config }: LayerSetting): Apply {
  const strides = pair(config['strides'], 1);
  const padding = (config['padding'] ?? 'valid') as Padding;
  const activation = (config['activation'] ?? 'linear') as Activation;
  return (tensorflow, input, [kernel, bias]) => {
    const options = { strides, padding, ...(bias === undefined ? {} : { bias: bias as Tensor1D }) };
    return activate(tensorflow, activation, convolution(tensorflow, input as Tensor4D, kernel as Tensor4D, options));
  };
}
