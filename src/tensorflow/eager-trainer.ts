import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import { drawTransforms, numbersPerTransform } from './augmentation.ts';
import { inputBatch, labelBatch } from './batches.ts';
import { firstWeights } from './first-weights.ts';
import { updateRule } from './optimizers.ts';
import { predict, scoredAtOnce } from './predict.ts';
import type { TensorFlow, Tf } from './runtime.ts';
import { computeStep, type StepInputs, stepSeed } from './step.ts';
import type { Fit, ScoredModel, Scorer, Trainer, TrainerState } from './trainer.ts';

/** Trains operation by operation, in whatever backend there is. */
export function createEagerTrainer(tensorflow: TensorFlow, fit: Fit): Trainer {
  const { tf } = tensorflow;
  const { network, data } = fit;
  const rule = updateRule(tf, fit.training.optimizer);
  const variable = (values: Float32Array, shape: readonly number[]): Variable =>
    tf.tidy(() => tf.variable(tf.tensor(values.slice(), [...shape], 'float32')));
  const first = firstWeights(fit);
  const weights = first.map(({ values, shape }) => variable(values, shape));
  const slots = first.map(({ values, shape }, index) =>
    network.weights[index]?.trainable === false
      ? []
      : rule.slots.map((start) => variable(new Float32Array(values.length).fill(start), shape)),
  );
  const trainable = weights.flatMap((_, index) => (network.weights[index]?.trainable === false ? [] : [index]));
  const valuesOf = (tensor: Tensor): Float32Array => (tensor.dataSync() as Float32Array).slice();

  return {
    step: (rows, step, learningRate) =>
      tf.tidy(() => {
        const input = inputBatch(tf, data, rows, network.inputShape);
        const labels = labelBatch(tf, data, rows);
        const seed = tf.tensor1d(stepSeed(fit.seed, step), 'int32');
        const inputs = { input, labels, seed, ...optionalInputs(tf, fit, rows.length, step) };
        const { loss, right, gradients, updates } = computeStep(tensorflow, fit, inputs, weights);
        const scalars = rule.scalars(step, learningRate);
        trainable.forEach((index, position) => {
          const weight = weights[index] as Variable;
          const own = slots[index] as Variable[];
          const update = rule.update(weight, gradients[position] as Tensor, own, scalars);
          weight.assign(update.weight as never);
          own.forEach((slot, place) => {
            if (slot !== update.slots[place]) slot.assign(update.slots[place] as never);
          });
        });
        for (const [index, value] of updates) (weights[index] as Variable).assign(value as never);
        return { loss: loss.dataSync()[0] as number, right: right.dataSync()[0] as number };
      }),
    predict: (rows) =>
      predict(tensorflow, { network, weights, data, rows, batchSize: scoredAtOnce, signal: fit.signal }),
    weights: () => first.map(({ name, shape }, index) => ({ name, shape, values: valuesOf(weights[index] as Tensor) })),
    state: () => ({ weights: weights.map(valuesOf), slots: slots.map((own) => own.map(valuesOf)) }),
    restore: (state: TrainerState) => {
      const put = (target: Variable, values: Float32Array | undefined): void =>
        tf.tidy(() => target.assign(tf.tensor((values as Float32Array).slice(), target.shape, 'float32') as never));
      weights.forEach((weight, index) => {
        put(weight, state.weights[index]);
        slots[index]?.forEach((slot, place) => {
          put(slot, state.slots[index]?.[place]);
        });
      });
    },
    dispose: () => {
      tf.dispose([...weights, ...slots.flat()]);
    },
  };
}

/** What a step takes only where the fit asks for it. */
function optionalInputs(
  tf: Tf,
  fit: Fit,
  count: number,
  step: number,
): Pick<StepInputs, 'classWeights' | 'transforms'> {
  const { classWeights, seed, network } = fit;
  const { augmentation } = fit.training;
  const shape: [number, number] = [count, numbersPerTransform];
  return {
    ...(classWeights === undefined ? {} : { classWeights: tf.tensor1d(classWeights.slice()) }),
    ...(augmentation === undefined
      ? {}
      : { transforms: tf.tensor2d(drawTransforms(augmentation, { seed, step, count, ...network.image }), shape) }),
  };
}

/** Scores rows operation by operation. */
export function createEagerScorer(
  tensorflow: TensorFlow,
  { network, weights, data, batchSize, signal }: ScoredModel,
): Scorer {
  const { tf } = tensorflow;
  const held = weights.map(({ shape, values }) => tf.tensor(values.slice(), [...shape], 'float32'));
  return {
    predict: (rows) => predict(tensorflow, { network, weights: held, data, rows, batchSize, signal }),
    dispose: () => {
      tf.dispose(held);
    },
  };
}
