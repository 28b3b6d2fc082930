import { beforeAll, describe, expect, it } from 'vitest';
import type { ResolvedLayer, TrainingSetting } from '../../../src/model/description.ts';
import { createTrainer } from '../../../src/tensorflow/create-trainer.ts';
import { buildNetwork } from '../../../src/tensorflow/network.ts';
import type { TensorFlow } from '../../../src/tensorflow/runtime.ts';
import { samplesOf } from '../../tensorflow/samples.ts';
import { loadNative } from './backend.ts';
import { ask } from './peer.ts';

const trainers = ['eager', 'graph'] as const;
const rates = [0.1, 0.2, 0.3, 0.5];

/** One white image: every input is 1. */
const size = { height: 200, width: 200, classes: 2 };
const inputs = size.height * size.width;
const data = samplesOf(new Uint8Array(inputs).fill(255), [0], size);
const stepCount = 5;

interface Comparison {
  readonly zeros: number;
  readonly mean: number;
  readonly kept: number;
  readonly pOfRate: number;
  readonly pOfKeras: number;
}

/**
 * What dropout layers make of ones, at each of some steps. The softmax after them starts with weights of 0, so its
 * gradient for an input is that input times a half: with the learning rate 2, a step leaves the input in the weight.
 */
function droppedOnes(tensorflow: TensorFlow, trainer: 'eager' | 'graph', dropRates: readonly number[]): Float32Array[] {
  const layers: ResolvedLayer[] = [
    ...dropRates.map((rate): ResolvedLayer => ({ layer: 'dropout', config: { rate } })),
    { layer: 'dense', config: { units: 2, activation: 'softmax', kernelInitializer: 'zeros', useBias: false } },
  ];
  const optimizer = { name: 'sgd', learningRate: 2, momentum: 0, nesterov: false } as const;
  const training: TrainingSetting = {
    optimizer,
    batchSize: 1,
    epochs: 1,
    loss: 'sparseCategoricalCrossentropy',
    trainer,
  };
  const network = buildNetwork({ input: 'flat', layers, training }, size);
  if (!network.ok) throw new Error(network.error.message);
  const rows = Int32Array.of(0);
  const { signal } = new AbortController();
  const fit = createTrainer(tensorflow, { network: network.value, training, data, rows, seed: 1, signal });
  try {
    const start = fit.state();
    return Array.from({ length: stepCount }, (_, index) => {
      fit.restore(start);
      fit.step(rows, index + 1, optimizer.learningRate);
      const kernel = fit.weights()[0]?.values ?? new Float32Array();
      return Float32Array.from({ length: inputs }, (_, input) => kernel[2 * input] as number);
    });
  } finally {
    fit.dispose();
  }
}

const count = (values: Float32Array, wanted: (value: number, index: number) => boolean): number =>
  values.reduce((sum, value, index) => sum + (wanted(value, index) ? 1 : 0), 0);

describe('dropout', () => {
  let tensorflow: TensorFlow;
  const cases = trainers.flatMap((trainer) => rates.map((rate) => ({ trainer, rate })));
  let values: readonly (readonly Float32Array[])[];
  let answers: readonly Comparison[];

  beforeAll(async () => {
    tensorflow = await loadNative();
    values = cases.map(({ trainer, rate }) => droppedOnes(tensorflow, trainer, [rate]));
    const request = cases.map(({ rate }, index) => ({
      rate,
      draws: inputs * stepCount,
      zeros: (values[index] ?? []).reduce((sum, step) => sum + count(step, (value) => value === 0), 0),
    }));
    answers = (await ask<Comparison>('keras_dropout.py', { request })).lines;
  });

  it.each(cases.map((one, index) => [one.trainer, one.rate, index] as const))(
    'of the %s trainer drops a share of %d, scales the others and keeps the mean, as Keras',
    (_, __, index) => {
      const { zeros, mean, kept, pOfRate, pOfKeras } = answers[index] as Comparison;
      const all = (values[index] ?? []).flatMap((step) => Array.from(step));
      expect(pOfRate).toBeGreaterThan(1e-4);
      expect(pOfKeras).toBeGreaterThan(1e-4);
      expect(Math.abs(all.filter((value) => value === 0).length / all.length - zeros)).toBeLessThan(0.01);
      expect(Math.abs(all.reduce((sum, value) => sum + value, 0) / all.length - mean)).toBeLessThan(0.01);
      expect(all.every((value) => value === 0 || Math.abs(value - kept) < 1e-6)).toBe(true);
    },
  );

  it.each(trainers)('of the %s trainer draws another mask at every step, independent of the one before', (trainer) => {
    const [rate, index] = [0.5, cases.findIndex((one) => one.trainer === trainer && one.rate === 0.5)];
    const steps = values[index] ?? [];
    for (let step = 1; step < stepCount; step++) {
      const both = count(steps[step] as Float32Array, (value, input) => value === 0 && steps[step - 1]?.[input] === 0);
      expect(Math.abs(both / inputs - rate * rate)).toBeLessThan(0.015);
    }
  });

  it.each(trainers)('of the %s trainer draws another mask in every layer', (trainer) => {
    // Equal masks would keep a half of the inputs, independent ones a quarter.
    for (const step of droppedOnes(tensorflow, trainer, [0.5, 0.5])) {
      expect(Math.abs(count(step, (value) => value !== 0) / inputs - 0.25)).toBeLessThan(0.015);
      expect(Math.max(...step.subarray(0, 1000))).toBeCloseTo(4, 5);
    }
  });
});
