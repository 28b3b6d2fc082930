import { describe, expect, it } from 'vitest';
import type { ResolvedLayer } from '../../src/model/description.ts';
import { optimizerDefaults } from '../../src/model/optimizers.ts';
import { buildNetwork, type Network } from '../../src/tensorflow/network.ts';
import type { Result } from '../../src/util/result.ts';

const optimizer = { name: 'adam', ...optimizerDefaults.adam } as const;
const training = { optimizer, batchSize: 32, epochs: 1, loss: 'sparseCategoricalCrossentropy' };
const image = { height: 28, width: 28 };
const end: ResolvedLayer = { layer: 'dense', config: { units: 62, activation: 'softmax' } };

function build(input: 'flat' | 'sequence' | 'image', layers: readonly ResolvedLayer[]): Result<Network> {
  return buildNetwork({ input, layers: [...layers, end], training }, image);
}

function built(...model: Parameters<typeof build>): Network {
  const network = build(...model);
  if (!network.ok) throw new Error(network.error.message);
  return network.value;
}

const dense = (units: number): ResolvedLayer => ({ layer: 'dense', config: { units } });
const lstm = (units: number, returnSequences: boolean): ResolvedLayer => ({
  layer: 'lstm',
  config: { units, returnSequences },
});
const conv2d = (filters: number, kernelSize: number): ResolvedLayer => ({
  layer: 'conv2d',
  config: { filters, kernelSize },
});
const pool: ResolvedLayer = { layer: 'maxPooling2d', config: {} };
const flatten: ResolvedLayer = { layer: 'flatten', config: {} };

describe('a network', () => {
  it("has as many parameters as the study's models have in Keras", () => {
    expect(built('flat', [dense(784), dense(392)]).parameters).toBe(947_526);
    expect(built('image', [conv2d(32, 3), pool, conv2d(64, 3), pool, flatten]).parameters).toBe(118_078);
    expect(built('sequence', [lstm(150, true), lstm(75, false), dense(75)]).parameters).toBe(185_612);
  });

  it('tells the shape after each layer', () => {
    const { outputShapes } = built('image', [conv2d(32, 3), pool, conv2d(64, 3), pool, flatten]);
    expect(outputShapes).toEqual([[26, 26, 32], [13, 13, 32], [11, 11, 64], [5, 5, 64], [1600], [62]]);
  });

  it.each([
    [
      'a row of numbers for a convolution',
      'flat',
      [conv2d(2, 3)],
      'layer 1 (conv2d) cannot take shape [784]: it wants 3 dimensions',
    ],
    ['a window larger than the image', 'image', [conv2d(2, 29), flatten], 'its output would be [0, 0, 2]'],
    [
      'another number of values',
      'flat',
      [{ layer: 'reshape', config: { targetShape: [28, 27] } }, flatten],
      '[28, 27] has 756 values, not 784',
    ],
    [
      'a shape that does not divide',
      'flat',
      [{ layer: 'reshape', config: { targetShape: [-1, 100] } }, flatten],
      'its output would be [7.84, 100]',
    ],
    [
      'an axis twice',
      'sequence',
      [{ layer: 'permute', config: { dims: [1, 1] } }, flatten],
      '"dims" must name each of its 2 axes once',
    ],
    [
      'an axis too few',
      'image',
      [{ layer: 'permute', config: { dims: [2, 1] } }, flatten],
      '"dims" must name each of its 3 axes once',
    ],
    ['a sequence at the end', 'sequence', [lstm(4, true)], 'the model ends in shape [28, 62]'],
    ['more weights than any machine of today should try', 'flat', [dense(2_000_000_000)], 'parameters, more than'],
  ] as const)('is refused for %s, before anything is allocated', (_, input, layers, message) => {
    const network = build(input, layers);
    expect(network.ok ? 'built' : network.error.message).toContain(message);
  });

  it('starts with the same weights for the same seed, and with others for another', () => {
    const network = built('flat', [dense(5)]);
    expect(network.initialWeights(1)).toEqual(network.initialWeights(1));
    expect(network.initialWeights(2)).not.toEqual(network.initialWeights(1));
  });

  it('keeps the first weights of a layer when another layer is added behind it', () => {
    const [kernel] = built('flat', [dense(5)]).initialWeights(1);
    expect(built('flat', [dense(5), dense(6)]).initialWeights(1)[0]).toEqual(kernel);
  });

  it("starts as Keras does: Glorot's uniform kernels, no bias, forget gates open, orthogonal recurrence", () => {
    const [kernel, recurrent, bias] = built('sequence', [lstm(16, false)])
      .initialWeights(1)
      .map(({ values }) => values);
    const limit = Math.sqrt(6 / (28 + 64));
    expect(Math.max(...(kernel ?? []))).toBeLessThanOrEqual(limit);
    expect(Math.max(...(kernel ?? []))).toBeGreaterThan(0.95 * limit);
    expect(Array.from(bias ?? [])).toEqual(Array.from({ length: 64 }, (_, gate) => (gate >= 16 && gate < 32 ? 1 : 0)));
    const row = (index: number): Float32Array =>
      (recurrent ?? new Float32Array()).subarray(index * 64, index * 64 + 64);
    const product = (left: number, right: number): number =>
      row(left).reduce((sum, value, column) => sum + value * (row(right)[column] ?? 0), 0);
    expect(product(3, 3)).toBeCloseTo(1, 5);
    expect(product(3, 7)).toBeCloseTo(0, 5);
  });
});
