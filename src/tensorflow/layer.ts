import type { Tensor } from '@tensorflow/tfjs-core';
import type { Initializer } from '../model/layers.ts';
import type { TensorFlow } from './runtime.ts';

/** A trainable weight before it has values. */
export interface WeightForm {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initializer: Initializer;
  /** Changes the first values in place, where the initializer alone does not say it all. */
  readonly adjust?: (values: Float32Array) => void;
}

/** What a step tells the layers. */
export interface StepMode {
  readonly training: boolean;
  /** A mask of ones and zeros, scaled so that the mean stays; a fresh one for each layer and step. */
  readonly dropoutMask: (layer: number, shape: readonly number[], rate: number) => Tensor;
}

/** A layer with its shapes known. Shapes are without the batch. */
export interface Layer {
  readonly outputShape: readonly number[];
  readonly weights: readonly WeightForm[];
  apply(tensorflow: TensorFlow, input: Tensor, weights: readonly Tensor[], mode: StepMode): Tensor;
}
