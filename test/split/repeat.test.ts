import { expect, test } from 'vitest';
import type { Artifact } from '../../src/artifact/reader.ts';
import { foldsOfRepeat } from '../../src/split/repeat.ts';

const labels = Int32Array.from({ length: 120 }, (_, row) => row % 4);
const own = Int32Array.from({ length: 120 }, (_, row) => (row < 20 ? -1 : row % 5));
const samples = {
  numbers: (name: string) => (name === 'label' ? labels : labels.map((_, row) => Math.floor(row / 10))),
};
const splitOf = (metadata: Readonly<Record<string, string>>): Artifact =>
  ({
    metadata: { folds: '5', stratified: 'true', group: '', seed: '3', ...metadata },
    numbers: () => own,
  }) as unknown as Artifact;
const repeatOf = (repeat: number, metadata = {}) =>
  Array.from(foldsOfRepeat(samples as unknown as Artifact, splitOf(metadata), repeat));

test('the first repeat is the division of the split, later ones deal the same rows otherwise', () => {
  expect(repeatOf(0)).toEqual(Array.from(own));
  expect(repeatOf(1)).not.toEqual(repeatOf(2));
  expect(repeatOf(1)).toEqual(repeatOf(1));
  expect(repeatOf(1)).not.toEqual(repeatOf(1, { seed: '4' }));
  expect(repeatOf(1).map((fold) => fold >= 0)).toEqual(Array.from(own, (fold) => fold >= 0));
});

test('each fold of a repeat has its share of every class where the split is stratified', () => {
  const fold = repeatOf(3);
  for (let label = 0; label < 4; label++)
    for (let one = 0; one < 5; one++)
      expect(fold.filter((value, row) => value === one && labels[row] === label)).toHaveLength(5);
});

test('all rows of a writer stay in one fold where the split keeps them together', () => {
  const fold = repeatOf(1, { group: 'writer' });
  for (let writer = 2; writer < 12; writer++) expect(new Set(fold.slice(10 * writer, 10 * writer + 10)).size).toBe(1);
});
