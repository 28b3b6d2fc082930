import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TrainingSetting } from '../../../src/model/description.ts';
import type { TrainingData } from '../../../src/tensorflow/batches.ts';
import { createTrainer } from '../../../src/tensorflow/create-trainer.ts';
import { buildNetwork, type Network, type WeightValues } from '../../../src/tensorflow/network.ts';
import type { TensorFlow } from '../../../src/tensorflow/runtime.ts';
import { samplesOf } from '../../tensorflow/samples.ts';
import { loadNative } from './backend.ts';
import { drawImages } from './images.ts';
import { type Answer, ask } from './peer.ts';
import { batchSize, stepRows, steps, type TrainingCase, trainingCases } from './training-cases.ts';

const trainers = ['eager', 'graph'] as const;

const tolerance = 1e-4;

interface KerasTraining {
  readonly name: string;
  readonly losses: readonly number[];
  /** The losses from first weights that are 1e-7 off. */
  readonly again?: readonly number[];
  readonly shapes: readonly (readonly number[])[];
  /** The first and the last weights. */
  readonly files: readonly [string, string];
}

const images = await drawImages(steps * batchSize);
const data: TrainingData = samplesOf(images.pixels, images.labels, images);
const cases = trainingCases(images);
const batches = stepRows();

/** The case's network with the weights that Keras started with. */
function networkOf(one: TrainingCase, training: TrainingSetting, first: Float32Array): Network {
  const built = buildNetwork({ ...one, training }, images);
  if (!built.ok) throw new Error(built.error.message);
  const network = built.value;
  let position = 0;
  const weights = network.weights.map(({ name, shape }): WeightValues => {
    const size = shape.reduce((product, extent) => product * extent, 1);
    position += size;
    return { name, shape, values: first.slice(position - size, position) };
  });
  expect(position).toBe(first.length);
  return { ...network, initialWeights: () => weights };
}

/** The losses of all steps, and the weights after them, one after the other. */
function trainSteps(tensorflow: TensorFlow, one: TrainingCase, trainerName: 'eager' | 'graph', first: Float32Array) {
  const { optimizer, loss } = one;
  const training: TrainingSetting = { optimizer, batchSize, epochs: 1, loss, trainer: trainerName };
  const network = networkOf(one, training, first);
  const rows = Int32Array.from({ length: steps * batchSize }, (_, row) => row);
  const { signal } = new AbortController();
  const trainer = createTrainer(tensorflow, { network, training, data, rows, seed: 1, signal });
  try {
    const losses = batches.map((batch, index) => trainer.step(batch, index + 1, optimizer.learningRate).loss);
    return { losses, weights: trainer.weights().flatMap(({ values }) => Array.from(values)), network };
  } finally {
    trainer.dispose();
  }
}

function largestDifference(left: ArrayLike<number>, right: ArrayLike<number>): number {
  expect(left.length).toBe(right.length);
  let largest = 0;
  for (let index = 0; index < left.length; index++)
    largest = Math.max(largest, Math.abs((left[index] as number) - (right[index] as number)));
  return largest;
}

describe('training from the same weights on the same batches', () => {
  let keras: Answer<KerasTraining>;
  let tensorflow: TensorFlow;
  const shown: string[] = [];

  beforeAll(async () => {
    const { height, width, classes, pixels, labels } = images;
    const request = { height, width, classes, cases, steps: batches.map((batch) => Array.from(batch)) };
    keras = await ask<KerasTraining>('keras_training.py', { request, files: { pixels, labels } });
    tensorflow = await loadNative();
  });

  afterAll(() => {
    process.stdout.write(
      `\n| model, optimizer, trainer | loss of step 1 | loss of step ${steps} | difference at ${steps} | largest of all steps | largest of the weights | Keras and itself at ${steps} |\n|---|--:|--:|--:|--:|--:|--:|\n${shown.join('\n')}\n`,
    );
  });

  const all = cases.flatMap((one, index) => trainers.map((trainer) => [one.name, trainer, one, index] as const));
  it.each(all)('%s: the %s trainer has the loss of Keras after 50 steps, to 1e-4', (name, trainer, one, index) => {
    const reference = keras.lines[index] as KerasTraining;
    expect(reference.name).toBe(name);
    const [first, last] = reference.files;
    const trained = trainSteps(tensorflow, one, trainer, keras.floats(first));
    expect(trained.network.weights.map(({ shape }) => shape)).toEqual(reference.shapes);
    const [end, ofItself] = [trained.losses, reference.again ?? reference.losses].map((losses) =>
      Math.abs((losses.at(-1) as number) - (reference.losses.at(-1) as number)),
    ) as [number, number];
    const largest = largestDifference(trained.losses, reference.losses);
    const ofWeights = largestDifference(trained.weights, keras.floats(last));
    const losses = [reference.losses[0] as number, reference.losses.at(-1) as number].map((loss) => loss.toFixed(4));
    const differences = [end, largest, ofWeights, ofItself].map((difference) => difference.toExponential(1));
    shown.push(`| ${[`${name}, ${trainer}`, ...losses, ...differences].join(' | ')} |`);
    expect(end).toBeLessThan(tolerance);
  });
});
