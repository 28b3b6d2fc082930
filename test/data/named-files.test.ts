import { expect, test } from 'vitest';
import { datasetIn } from '../../src/data/named-files.ts';

test.each([
  ['emnist-byclass-train.csv', 'emnist-byclass'],
  ['EMNIST_ByClass test.csv', 'emnist-byclass'],
  ['mnist.npz', 'mnist'],
  ['my_mnist_train.npz', 'mnist'],
  ['emnist-mnist.mat', 'emnist-mnist'],
  ['emnist.pkl', undefined],
  ['train.pkl', undefined],
])('%s tells of %s', (name, dataset) => {
  expect(datasetIn(name)).toBe(dataset);
});
