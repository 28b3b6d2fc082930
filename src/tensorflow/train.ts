import type { Scalar, Tensor, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import type { TrainingSetting } from '../model/description.ts';
import { createRandom } from '../util/random.ts';
import { cutBatches, inputBatch, labelBatch, type TrainingData } from './batches.ts';
import type { StepMode } from './layer.ts';
import type { Network, WeightValues } from './network.ts';
import { type UpdateRule, updateRule } from './optimizers.ts';
import { predict, scorePrediction } from './predict.ts';
import type { TensorFlow, Tf } from './runtime.ts';
import { createTurns } from './turns.ts';

export interface TrainingRequest {
  readonly network: Network;
  readonly training: TrainingSetting;
  readonly data: TrainingData;
  /** Rows to train on. */
  readonly rows: Int32Array;
  /** Rows to score: after every epoch, or after the last one only. */
  readonly validation?: { readonly rows: Int32Array; readonly when: 'every epoch' | 'end' };
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: {
    readonly epoch: number;
    readonly fraction: number;
    readonly samplesPerSecond: number;
    readonly validationAccuracy: number | undefined;
  }) => void;
}

/** Means over one epoch. Training figures are those of the moving network, as Keras reports them. NaN where not taken. */
export interface EpochScores {
  readonly epoch: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly validationLoss: number;
  readonly validationAccuracy: number;
}

export interface Trained {
  readonly history: readonly EpochScores[];
  readonly weights: readonly WeightValues[];
  /** Where the loss stopped being a finite number; training ended there. */
  readonly diverged?: { readonly epoch: number; readonly batch: number };
  readonly trainingSeconds: number;
  readonly validationSeconds: number;
}

/** Everything that changes from step to step, on the device. */
interface State {
  readonly weights: readonly Variable[];
  readonly slots: readonly (readonly Variable[])[];
  step: number;
}

/**
 * Trains a network from its seeded first weights: each epoch in a seeded order of its own, the last smaller batch
 * kept, mean cross-entropy from logits. Same request, same bits, on the same compute class. Everything it puts on
 * the device is freed. Rejects with the signal's reason when aborted.
 */
export async function train(tensorflow: TensorFlow, request: TrainingRequest): Promise<Trained> {
  const { tf } = tensorflow;
  const rule = updateRule(tf, request.training.optimizer);
  const state = startState(tf, request, rule);
  try {
    return await trainEpochs(tensorflow, request, rule, state);
  } finally {
    tf.dispose([...state.weights, ...state.slots.flat()]);
  }
}

function startState(tf: Tf, request: TrainingRequest, rule: UpdateRule): State {
  const made = request.network.initialWeights(request.seed).map(({ shape, values }) => {
    const weight = tf.tidy(() => tf.variable(tf.tensor(values, [...shape], 'float32')));
    const slots = rule.slots.map((first) => tf.tidy(() => tf.variable(tf.fill([...shape], first))));
    return { weight, slots };
  });
  return { weights: made.map(({ weight }) => weight), slots: made.map(({ slots }) => slots), step: 0 };
}

async function trainEpochs(
  tensorflow: TensorFlow,
  request: TrainingRequest,
  rule: UpdateRule,
  state: State,
): Promise<Trained> {
  const { training, rows, seed, validation } = request;
  const history: EpochScores[] = [];
  const giveTurn = createTurns(request.signal);
  let trainingSeconds = 0;
  let validationSeconds = 0;
  let diverged: Trained['diverged'];
  for (let epoch = 1; epoch <= training.epochs && diverged === undefined; epoch++) {
    const started = performance.now();
    const order = createRandom(seed, 'shuffle', epoch).permutation(rows.length);
    const batches = cutBatches(
      order.map((index) => rows[index] as number),
      training.batchSize,
    );
    let lossSum = 0;
    let right = 0;
    let seen = 0;
    for (const [index, batch] of batches.entries()) {
      const scores = trainStep(tensorflow, request, rule, state, batch);
      lossSum += scores.loss * batch.length;
      right += scores.right;
      seen += batch.length;
      if (!Number.isFinite(scores.loss)) {
        diverged = { epoch, batch: index + 1 };
        break;
      }
      await giveTurn();
      if (index % 8 === 7) report(request, epoch, seen, (performance.now() - started) / 1000, undefined);
    }
    const seconds = (performance.now() - started) / 1000;
    trainingSeconds += seconds;
    const scored =
      validation !== undefined &&
      diverged === undefined &&
      (validation.when === 'every epoch' || epoch === training.epochs);
    const before = performance.now();
    const score = scored
      ? await validate(tensorflow, request, state, validation.rows)
      : { accuracy: Number.NaN, loss: Number.NaN };
    validationSeconds += (performance.now() - before) / 1000;
    history.push({
      epoch,
      loss: lossSum / seen,
      accuracy: right / seen,
      validationLoss: score.loss,
      validationAccuracy: score.accuracy,
    });
    report(request, epoch, rows.length, seconds, scored ? score.accuracy : undefined);
  }
  const weights = request.network.weights.map(({ name, shape }, index) => ({
    name,
    shape,
    values: (state.weights[index] as Variable).dataSync() as Float32Array,
  }));
  return { history, weights, trainingSeconds, validationSeconds, ...(diverged === undefined ? {} : { diverged }) };
}

function report(
  request: TrainingRequest,
  epoch: number,
  seen: number,
  seconds: number,
  validationAccuracy: number | undefined,
): void {
  const fraction = (epoch - 1 + seen / request.rows.length) / request.training.epochs;
  request.onProgress({ epoch, fraction, samplesPerSecond: seen / seconds, validationAccuracy });
}

async function validate(
  tensorflow: TensorFlow,
  request: TrainingRequest,
  state: State,
  rows: Int32Array,
): Promise<{ accuracy: number; loss: number }> {
  const { network, data, signal } = request;
  const prediction = await predict(tensorflow, { network, weights: state.weights, data, rows, batchSize: 256, signal });
  return scorePrediction(prediction, data, rows);
}

/** One batch: forward, loss, gradients, update. Returns the batch's loss and how many rows it got right. */
function trainStep(
  tensorflow: TensorFlow,
  request: TrainingRequest,
  rule: UpdateRule,
  state: State,
  rows: Int32Array,
): { loss: number; right: number } {
  const { tf } = tensorflow;
  const { network, data } = request;
  state.step++;
  return tf.tidy(() => {
    const input = inputBatch(tf, data, rows, network.inputShape);
    const labels = labelBatch(tf, data, rows);
    const mode = trainingMode(tf, request.seed, state.step);
    let logits: Tensor | undefined;
    const lossOf = (...weights: Tensor[]): Scalar => {
      logits = tf.keep(network.logits(tensorflow, input, weights, mode));
      return tf.losses.softmaxCrossEntropy(labels, logits) as Scalar;
    };
    const { value, grads } = tf.valueAndGrads(lossOf as never)([...state.weights]) as {
      value: Tensor;
      grads: Tensor[];
    };
    grads.forEach((gradient, index) => {
      const weight = state.weights[index] as Variable;
      const slots = state.slots[index] as Variable[];
      const update = rule.update(weight, gradient, slots, state.step);
      weight.assign(update.weight as never);
      slots.forEach((slot, position) => {
        if (slot !== update.slots[position]) slot.assign(update.slots[position] as never);
      });
    });
    const predicted = tf.argMax(logits as Tensor2D, 1).dataSync();
    logits?.dispose();
    let right = 0;
    rows.forEach((row, index) => {
      if (predicted[index] === data.labels[row]) right++;
    });
    return { loss: value.dataSync()[0] as number, right };
  });
}

/** Masks of a training step: their own stream of random numbers for each layer and step, so no mask is drawn twice. */
function trainingMode(tf: Tf, seed: number, step: number): StepMode {
  return {
    training: true,
    dropoutMask: (layer, shape, rate) => {
      const random = createRandom(seed, 'dropout', layer, step);
      const size = shape.reduce((product, extent) => product * extent, 1);
      const mask = new Float32Array(size).fill(1 / (1 - rate));
      // A plain loop over whole numbers: masks are long, and one is drawn for every step.
      const dropped = rate * 2 ** 32;
      for (let index = 0; index < size; index++) if (random.uint32() < dropped) mask[index] = 0;
      return tf.tensor(mask, [...shape], 'float32');
    },
  };
}
