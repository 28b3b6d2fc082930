import type { Tensor } from '@tensorflow/tfjs-core';
import type { Initializer } from '../model/layers.ts';
import type { TensorFlow } from './runtime.ts';

/** A weight before it has values. */
export interface WeightForm {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initializer: Initializer;
  /** False for what a layer keeps without gradients: moving averages. */
  readonly trainable?: false;
  /** Changes the first values in place, where the initializer alone does not say it all. */
  readonly adjust?: (values: Float32Array) => void;
}

/** What a step tells the layers, and what they tell it. */
export interface StepMode {
  readonly training: boolean;
  /** Uniform numbers in [0, 1), others for each layer and step. Only while training. */
  readonly uniform: (layer: number, shape: readonly number[]) => Tensor;
  /** Sets the next value of a weight that gradients do not move. Only while training. */
  readonly update: (weight: Tensor, value: Tensor) => void;
}

/** A layer with its shapes known. Shapes are without the batch. */
export interface Layer {
  readonly outputShape: readonly number[];
  readonly weights: readonly WeightForm[];
  apply(tensorflow: TensorFlow, input: Tensor, weights: readonly Tensor[], mode: StepMode): Tensor;
}
