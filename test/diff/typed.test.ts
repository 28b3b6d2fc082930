import { expect, test } from 'vitest';
import type { ArtifactType } from '../../src/artifact/artifact-type.ts';
import type { Column } from '../../src/artifact/column.ts';
import { diffArtifacts } from '../../src/diff/artifact-diff.ts';
import { diffTables } from '../../src/diff/table-diff.ts';
import { meaningOf, rankCorrelation } from '../../src/diff/typed.ts';
import { artifactOf, floats, ints, text } from '../report/study-files.ts';

function meaning(
  type: ArtifactType,
  before: readonly Column[],
  after: readonly Column[],
  metadata: readonly Record<string, string>[] = [{}, {}],
) {
  const [one, other] = [
    artifactOf(type, { columns: before, metadata: metadata[0] ?? {} }),
    artifactOf(type, { columns: after, metadata: metadata[1] ?? {} }),
  ];
  return meaningOf({ before: one, after: other, compared: diffTables(one, other) });
}

test('rows that move between the roles of a split are counted, and what was trained on before and is tested now', () => {
  const ids = ints('id', [0, 1, 2, 3]);
  const found = meaning(
    'split',
    [ids, text('role', ['train', 'train', 'test', 'train']), ints('fold', [0, 1, -1, 1])],
    [ids, text('role', ['test', 'train', 'train', 'train']), ints('fold', [-1, 1, 0, 0])],
  );
  expect(found?.facts).toEqual({ moves: { 'train → test': 1, 'test → train': 1 }, betweenFolds: 1, leaked: 1 });
});

test('pixels that are all another multiple are told as that', () => {
  const image = (values: Uint8Array | Float32Array): Column => ({
    name: 'image',
    kind: 'tensor',
    shape: [1, 2],
    values,
  });
  const found = meaning(
    'samples',
    [ints('id', [0, 1]), image(Uint8Array.of(0, 51, 102, 255))],
    [ints('id', [0, 1]), image(Float32Array.of(0, 0.2, 0.4, 1))],
    [{ scale: '1' }, { scale: '255' }],
  );
  expect(found?.facts['factor']).toBeCloseTo(1 / 255, 6);
  expect(found?.lines[0]).toContain('divided by 255 instead of 1');
});

test('images that changed are listed from the worst on', () => {
  const image = (values: readonly number[]): Column => ({
    name: 'image',
    kind: 'tensor',
    shape: [1, 2],
    values: Uint8Array.from(values),
  });
  const found = meaning(
    'samples',
    [ints('id', [7, 8, 9]), image([1, 2, 3, 4, 5, 6])],
    [ints('id', [7, 8, 9]), image([1, 2, 3, 9, 99, 6])],
  );
  expect(found?.facts['images']).toEqual({
    changed: 2,
    worst: [
      { id: 9, difference: 47 },
      { id: 8, difference: 2.5 },
    ],
  });
});

test('a search says whether its order held and what it chose', () => {
  const columns = (means: readonly number[], selected: readonly number[]): Column[] => [
    text('params', ['a', 'b', 'c']),
    floats('mean_test_score', means),
    ints('selected', selected),
  ];
  const found = meaning('selection', columns([0.1, 0.2, 0.3], [0, 0, 1]), columns([0.3, 0.2, 0.1], [1, 0, 0]));
  expect(found?.facts).toEqual({ rankCorrelation: -1, chosen: ['c', 'a'] });
});

test('hidden units in another order are told as that', () => {
  const weights = (values: readonly number[]): Column[] => [
    text('name', ['0_dense/kernel']),
    { name: 'shape', kind: 'list', values: [Int32Array.of(2, 3)] },
    { name: 'values', kind: 'list', values: [Float32Array.from(values)] },
  ];
  expect(meaning('weights', weights([1, 2, 3, 4, 5, 6]), weights([3, 1, 2, 6, 4, 5]))?.facts['permuted']).toBe(true);
  expect(meaning('weights', weights([1, 2, 3, 4, 5, 6]), weights([3, 1, 2, 6, 4, 9]))?.facts['permuted']).toBe(false);
});

test('the rank correlation is that of SciPy, with ties', () => {
  // scipy.stats.spearmanr([1, 2, 2, 4, 5], [5, 6, 7, 8, 7]).statistic, SciPy 1.15.3.
  expect(
    rankCorrelation([
      [1, 5],
      [2, 6],
      [2, 7],
      [4, 8],
      [5, 7],
    ]),
  ).toBeCloseTo(0.7631578947368421, 12);
  expect(
    rankCorrelation([
      [1, 1],
      [1, 2],
      [1, 3],
    ]),
  ).toBeUndefined();
});

test('samples of which only the scale differs say so', () => {
  const columns: Column[] = [
    ints('id', [0]),
    { name: 'image', kind: 'tensor', shape: [1, 2], values: Uint8Array.of(1, 2) },
  ];
  const [one, other] = ['1', '255'].map((scale) => artifactOf('samples', { columns, metadata: { scale } }));
  if (one === undefined || other === undefined) throw new Error('two artifacts');
  const found = diffArtifacts(one, other, { absolute: 0, relative: 0 });
  expect([found.same, found.meaning?.lines]).toEqual([
    false,
    ['pixels are divided by 255 instead of 1 before training'],
  ]);
});

test('mistakes are compared by the names of the classes, in whatever order they stand', () => {
  const counts = (names: readonly string[], values: readonly number[]): Column[] => [
    text('class', names),
    { name: 'counts', kind: 'tensor', shape: [2], values: Float32Array.from(values) },
  ];
  const before = counts(['a', 'b'], [8, 2, 1, 9]);
  expect(meaning('confusion', before, counts(['b', 'a'], [9, 1, 2, 8]))?.facts).toMatchObject({ cells: 0 });
  expect(meaning('confusion', before, counts(['b', 'a'], [9, 1, 5, 5]))?.facts['largest']).toEqual([
    { truth: 'a', guess: 'b', before: 2, after: 5 },
  ]);
});
