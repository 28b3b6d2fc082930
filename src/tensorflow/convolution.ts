import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import type { ResolvedLayer } from '../model/description.ts';
import type { Activation, Initializer } from '../model/layers.ts';
import type { Json } from '../util/json.ts';
import { activate } from './activation.ts';
import { convolution } from './kernels.ts';
import type { Layer } from './layer.ts';

/** One number for both directions, or two. */
export function pair(value: Json | undefined, fallback: number): [number, number] {
  if (Array.isArray(value)) return [value[0] as number, value[1] as number];
  const single = (value ?? fallback) as number;
  return [single, single];
}

export type Padding = 'valid' | 'same';

/** Extent of one axis after a window slides over it. */
export function slidExtent(extent: number, window: number, stride: number, padding: Padding): number {
  return Math.ceil((padding === 'same' ? extent : extent - window + 1) / stride);
}

/** A two-dimensional convolution over [height, width, channels], as keras.layers.Conv2D. */
export function convolutionLayer(
  { config }: ResolvedLayer,
  [height = 0, width = 0, channels = 0]: readonly number[],
): Layer {
  const filters = config['filters'] as number;
  const window = pair(config['kernelSize'], 3);
  const strides = pair(config['strides'], 1);
  const padding = (config['padding'] ?? 'valid') as Padding;
  const activation = (config['activation'] ?? 'linear') as Activation;
  const kernel = {
    name: 'kernel',
    shape: [...window, channels, filters],
    initializer: (config['kernelInitializer'] ?? 'glorotUniform') as Initializer,
  };
  const bias = { name: 'bias', shape: [filters], initializer: (config['biasInitializer'] ?? 'zeros') as Initializer };
  return {
    outputShape: [
      slidExtent(height, window[0], strides[0], padding),
      slidExtent(width, window[1], strides[1], padding),
      filters,
    ],
    weights: config['useBias'] === false ? [kernel] : [kernel, bias],
    apply: (tensorflow, input, [kernelValues, bias]) => {
      const options = { strides, padding, ...(bias === undefined ? {} : { bias: bias as Tensor1D }) };
      const sum = convolution(tensorflow, input as Tensor4D, kernelValues as Tensor4D, options);
      return activate(tensorflow, activation, sum);
    },
  };
}
