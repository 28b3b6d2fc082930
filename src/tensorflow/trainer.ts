import type { TrainingSetting } from '../model/description.ts';
import type { TrainingData } from './batches.ts';
import type { Network, WeightValues } from './network.ts';
import type { Prediction } from './predict.ts';

/** What a trainer is made for: one fit. */
export interface Fit {
  readonly network: Network;
  readonly training: TrainingSetting;
  readonly data: TrainingData;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** All that training has made so far: enough to go on from, bit by bit. */
export interface TrainerState {
  readonly weights: readonly Float32Array[];
  /** What the optimizer remembers, by weight; weights that gradients do not move have none. */
  readonly slots: readonly (readonly Float32Array[])[];
}

/** Weights and optimizer of one fit, on the device. `dispose` frees them. */
export interface Trainer {
  /**
   * One step on some rows; `step` counts from 1 over the whole fit. Gives the mean loss of the batch and how many
   * rows the network had right before it learned from them.
   */
  step(rows: Int32Array, step: number, learningRate: number): { readonly loss: number; readonly right: number };
  predict(rows: Int32Array): Promise<Prediction>;
  weights(): WeightValues[];
  state(): TrainerState;
  restore(state: TrainerState): void;
  dispose(): void;
}
