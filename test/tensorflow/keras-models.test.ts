import { expect, it } from 'vitest';
import type { TrainingData } from '../../src/tensorflow/batches.ts';
import { buildNetwork, type Network } from '../../src/tensorflow/network.ts';
import { predict } from '../../src/tensorflow/predict.ts';
import type { TensorFlow } from '../../src/tensorflow/runtime.ts';
import { train } from '../../src/tensorflow/train.ts';
import { describeOnBackends } from './backends.ts';
import { type ModelCase, readReference } from './keras-reference.ts';
import { samplesOf } from './samples.ts';

const { data: reference, models } = readReference();
const pixels = Uint8Array.from(reference.pixels);
const data: TrainingData = samplesOf(pixels, reference.labels, reference);
const rows = Int32Array.from({ length: reference.rows }, (_, row) => row);
const { signal } = new AbortController();

const training = {
  optimizer: { name: 'sgd', learningRate: 0.5, momentum: 0, nesterov: false },
  batchSize: reference.rows,
  epochs: 3,
  loss: 'sparseCategoricalCrossentropy',
} as const;

/** The model's network, starting with the weights that Keras started with. */
function networkOf(model: ModelCase): Network {
  const built = buildNetwork({ input: model.input, layers: model.layers, training }, reference);
  if (!built.ok) throw new Error(built.error.message);
  const network = built.value;
  const initialWeights = () =>
    network.weights.map(({ name, shape }, index) => ({
      name,
      shape,
      values: Float32Array.from(model.first[index] ?? []),
    }));
  return { ...network, initialWeights };
}

function largestDifference(left: ArrayLike<number>, right: readonly number[]): number {
  expect(left.length).toBe(right.length);
  return right.reduce((largest, value, index) => Math.max(largest, Math.abs(value - (left[index] ?? Number.NaN))), 0);
}

async function probabilitiesOf(tensorflow: TensorFlow, network: Network): Promise<Float32Array> {
  const { tf } = tensorflow;
  const weights = network.initialWeights(0).map(({ shape, values }) => tf.tensor(values, [...shape], 'float32'));
  try {
    return (await predict(tensorflow, { network, weights, data, rows, batchSize: 4, signal })).probabilities;
  } finally {
    tf.dispose(weights);
  }
}

await describeOnBackends("Keras's models", (tensorflow) => {
  const cases = models.map((model) => [model.name, model] as const);

  it.each(cases)("%s has weights of Keras's shapes in Keras's order", (_, model) => {
    expect(networkOf(model).weights.map(({ shape }) => shape)).toEqual(model.shapes);
  });

  it.each(cases)("%s predicts Keras's probabilities from Keras's weights", async (_, model) => {
    const probabilities = await probabilitiesOf(tensorflow(), networkOf(model));
    expect(largestDifference(probabilities, model.probabilities)).toBeLessThan(1e-6);
  });

  it.each(cases)("%s has Keras's losses and weights after three steps", async (_, model) => {
    const network = networkOf(model);
    const request = { network, training, data, rows, seed: 1, signal, onProgress: () => {} };
    const trained = await train(tensorflow(), request);
    const losses = trained.history.map(({ loss }) => loss);
    expect(largestDifference(losses, model.losses)).toBeLessThan(1e-5);
    trained.weights.forEach(({ values }, index) => {
      expect(largestDifference(values, model.weights[index] ?? [])).toBeLessThan(1e-5);
    });
  });
});
