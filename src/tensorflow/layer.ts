import type { Tensor } from '@tensorflow/tfjs-core';
import type { ResolvedLayer } from '../model/description.ts';
import type { Shape } from '../model/layer-form.ts';
import type { TensorFlow } from './runtime.ts';

/** What a step tells the layers, and what they tell it. */
export interface StepMode {
  readonly training: boolean;
  /** Uniform numbers in [0, 1), others for each layer and step. Only while training. */
  readonly uniform: (layer: number, shape: readonly number[]) => Tensor;
  /** Sets the next value of a weight that gradients do not move. Only while training. */
  readonly update: (weight: Tensor, value: Tensor) => void;
}

/** A layer as a function of its inputs [batch, …] and weights. */
export type Apply = (tensorflow: TensorFlow, input: Tensor, weights: readonly Tensor[], mode: StepMode) => Tensor;

/** What a layer is made from; shapes are without the batch. */
export interface LayerSetting extends ResolvedLayer {
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  /** The layer's place in the model, from 0. */
  readonly index: number;
}
