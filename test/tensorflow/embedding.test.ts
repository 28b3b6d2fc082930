import { expect, it } from 'vitest';
import { optimizerDefaults } from '../../src/model/optimizers.ts';
import { embeddingMisfit } from '../../src/tensorflow/embedding.ts';
import { samplesOf } from './samples.ts';

const data = { ...samplesOf(Uint8Array.of(0, 3, 2, 1), [0], { height: 2, width: 2, classes: 2 }), scale: 1 };
const training = { optimizer: { name: 'adam', ...optimizerDefaults.adam }, batchSize: 1, epochs: 1, loss: '' } as const;
const begins = (inputDim: number) => ({
  input: 'flat' as const,
  layers: [{ layer: 'embedding', config: { inputDim, outputDim: 2 } }],
  training,
});

it('is told when the samples have a value that the embedding has no vector for', () => {
  expect(embeddingMisfit(begins(4), data)).toBeUndefined();
  expect(embeddingMisfit(begins(3), data)?.message).toBe(
    'the embedding has vectors for 0 to 2, and the samples have a 3',
  );
});
