import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { type Padding, pair } from '../model/layer-form.ts';
import type { Activation } from '../model/layers.ts';
import { activate } from './activation.ts';
import { convolution } from './kernels.ts';
import type { Apply, LayerSetting } from './layer.ts';

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
