import { expect, test } from 'vitest';
import type { ModelCore } from '../../src/model/description.ts';
import type { TrainingData } from '../../src/tensorflow/batches.ts';
import { firstWeights } from '../../src/tensorflow/first-weights.ts';
import { buildNetwork } from '../../src/tensorflow/network.ts';

const core = (layers: ModelCore['layers']): ModelCore => ({
  input: 'flat',
  layers,
  training: {} as ModelCore['training'],
});
const network = (layers: ModelCore['layers']) => buildNetwork(core(layers), { height: 1, width: 2 });
const softmax = { layer: 'dense', config: { units: 2, activation: 'softmax' } };

const rows = [
  [1, 10],
  [3, 10],
  [100, -7],
];
const data = {
  images: {
    size: 2,
    gather: (wanted: Int32Array) => Float32Array.from(Array.from(wanted).flatMap((row) => rows[row] ?? [])),
  },
  scale: 2,
} as unknown as TrainingData;

test('normalization begins with mean and variance of the training rows alone, after the division by the scale', () => {
  const built = network([{ layer: 'normalization', config: {} }, softmax]);
  if (!built.ok) throw new Error(built.error.message);
  const weights = firstWeights({ network: built.value, data, rows: Int32Array.of(0, 1), seed: 1 });
  expect(weights.slice(0, 2).map(({ name, values }) => [name, Array.from(values)])).toEqual([
    ['0_normalization/mean', [1, 5]],
    ['0_normalization/variance', [0.25, 0]],
  ]);
  expect(weights[2]?.values).toEqual(built.value.initialWeights(1)[2]?.values);
  expect(built.value.weights.slice(0, 2).every(({ trainable }) => !trainable)).toBe(true);
});

test('a network without such a layer begins with what its seed draws', () => {
  const built = network([softmax]);
  if (!built.ok) throw new Error(built.error.message);
  expect(firstWeights({ network: built.value, data, rows: Int32Array.of(0), seed: 3 })).toEqual(
    built.value.initialWeights(3),
  );
});

test('normalization anywhere but first is a mistake', () => {
  const built = network([{ layer: 'dense', config: { units: 3 } }, { layer: 'normalization', config: {} }, softmax]);
  expect(built).toMatchObject({ ok: false, error: { message: expect.stringContaining('must be the first layer') } });
});
