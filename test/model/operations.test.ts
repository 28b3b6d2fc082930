import { expect, test } from 'vitest';
import { forwardOperations } from '../../src/model/operations.ts';
import type { JsonObject } from '../../src/util/json.ts';

const layers = (...list: readonly (readonly [string, JsonObject])[]) =>
  list.map(([layer, config]) => ({ layer, config }));
const dense = (units: number) => ['dense', { units }] as const;

// Counted by hand, 2 operations a multiplication.
test.each([
  ['the MLP of the study', layers(dense(784), dense(392), dense(62)), [784], 1_892_576],
  [
    'a CNN with a hidden layer',
    layers(
      ['conv2d', { filters: 32, kernelSize: 3 }],
      ['maxPooling2d', {}],
      ['conv2d', { filters: 64, kernelSize: 3 }],
      ['maxPooling2d', {}],
      ['flatten', {}],
      dense(128),
      dense(62),
    ),
    [28, 28, 1],
    5_275_392,
  ],
  [
    'the LSTM of the study',
    layers(['lstm', { units: 150, returnSequences: true }], ['lstm', { units: 75 }], dense(75), dense(62)),
    [28, 28],
    9_781_350,
  ],
] as const)('%s', (_, model, input, expected) => {
  expect(forwardOperations(model, input)).toBe(expected);
});

test('wrappers, attention and layers without products', () => {
  const one = forwardOperations(layers(['lstm', { units: 8 }]), [5, 4]);
  expect(one).toBe(2 * 5 * (4 * 32 + 8 * 32));
  expect(forwardOperations(layers(['bidirectional', { layer: { lstm: { units: 8 } } }]), [5, 4])).toBe(2 * (one ?? 0));
  const attention = forwardOperations(layers(['multiHeadAttention', { numHeads: 2, keyDim: 3 }]), [5, 4]);
  expect(attention).toBe(2 * (5 * 4 * (4 * 6) + 5 * 5 * 2 * 6));
  expect(forwardOperations(layers(['dropout', { rate: 0.1 }], ['batchNormalization', {}]), [5, 4])).toBe(0);
  expect(forwardOperations(layers(['unknown', {}]), [4])).toBeUndefined();
});
