import type { TrainingSetting } from '../model/description.ts';
import type { TrainingData } from './batches.ts';
import type { Network, WeightValues } from './network.ts';
import type { Prediction } from './predict.ts';

/** What a trainer is made for: one fit. */
export interface Fit {
  readonly network: Network;
  /** Rows to train on. */
  readonly rows: Int32Array;
  readonly training: TrainingSetting;
  readonly data: TrainingData;
  readonly seed: number;
  /** Weight of each class in the loss; all count the same without. */
  readonly classWeights?: Float32Array;
  /** `device`: all images are copied to the device before the first step, as they are on a GPU anyway. */
  readonly imagesOn?: 'device';
  readonly signal: AbortSignal;
}

/** All that training has made so far: enough to go on from, bit by bit. */
export interface TrainerState {
  readonly weights: readonly Float32Array[];
  /** What the optimizer remembers, by weight; weights that gradients do not move have none. */
  readonly slots: readonly (readonly Float32Array[])[];
}

/** A model to score rows with. */
export interface ScoredModel extends Pick<Fit, 'network' | 'data' | 'signal'> {
  readonly weights: readonly WeightValues[];
  /** How many rows are scored at once. */
  readonly batchSize: number;
}

/** Weights of a network on the device. `dispose` frees them. */
export interface Scorer {
  predict(rows: Int32Array): Promise<Prediction>;
  dispose(): void;
}

/** Weights and optimizer of one fit, on the device. */
export interface Trainer extends Scorer {
  /**
   * One step on some rows; `step` counts from 1 over the whole fit. Gives the mean loss of the batch and how many
   * rows the network had right before it learned from them.
   */
  step(rows: Int32Array, step: number, learningRate: number): { readonly loss: number; readonly right: number };
  weights(): WeightValues[];
  state(): TrainerState;
  restore(state: TrainerState): void;
}
