import { expect, test } from 'vitest';
import type { ArtifactType } from '../../src/artifact/artifact-type.ts';
import type { Column } from '../../src/artifact/column.ts';
import { diffArtifacts } from '../../src/diff/artifact-diff.ts';
import { rankCorrelation } from '../../src/diff/search-meaning.ts';
import { diffTables } from '../../src/diff/table-diff.ts';
import { meaningOf } from '../../src/diff/typed.ts';
import { createRandom } from '../../src/util/random.ts';
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

const random = createRandom('typed');
const pixels = Uint8Array.from({ length: 40 }, () => random.below(256));
const pictures = (values: Uint8Array | Float32Array): Column[] => [
  ints('id', [0, 1, 2, 3]),
  { name: 'image', kind: 'tensor', shape: [5, 2], values },
];

test.each([
  ['B = A / 255', (pixel: number) => pixel / 255],
  ['B = 255 - A', (pixel: number) => 255 - pixel],
  ['B = 0.00784314 A - 1', (pixel: number) => pixel / 127.5 - 1],
  ['B = 2 A + 3', (pixel: number) => 2 * pixel + 3],
])('pixels that all changed by one rule are told by it: %s', (rule, apply) => {
  const after = Float32Array.from(pixels, apply);
  const found = meaning('samples', pictures(pixels), pictures(after), [{ scale: '1' }, { scale: '255' }]);
  expect(found?.lines).toEqual([
    'pixels are divided by 255 instead of 1 before training',
    `all pixels changed by one rule: ${rule}`,
  ]);
  const nearly = after.map((value, at) => value + (at === 17 ? 0.1 : 0));
  expect(meaning('samples', pictures(pixels), pictures(nearly))?.facts['rule']).toBeUndefined();
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

interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

function tensor(name: string, ...shape: number[]): Tensor {
  const size = shape.reduce((product, extent) => product * extent, 1);
  return { name, shape, values: Float32Array.from({ length: size }, () => random.normal()) };
}

const weights = (tensors: readonly Tensor[]): Column[] => [
  text(
    'name',
    tensors.map(({ name }) => name),
  ),
  { name: 'shape', kind: 'list', values: tensors.map(({ shape }) => Int32Array.from(shape)) },
  { name: 'values', kind: 'list', values: tensors.map(({ values }) => values) },
];

/** The same values with one axis in another order; after flattening each place has all the units. */
function reordered({ name, shape, values }: Tensor, axis: 'rows' | 'columns', order: ArrayLike<number>): Tensor {
  const width = shape.at(-1) ?? 1;
  const to = (at: number): number => at - (at % order.length) + (order[at % order.length] ?? 0);
  const moved = new Float32Array(values.length);
  values.forEach((value, at) => {
    const [row, column] = [Math.floor(at / width), at % width];
    moved[axis === 'rows' ? to(row) * width + column : row * width + to(column)] = value;
  });
  return { name, shape, values: moved };
}

const conv = tensor('0_conv2d/kernel', 3, 3, 1, 4);
const convBias = tensor('0_conv2d/bias', 4);
const dense = tensor('2_dense/kernel', 16, 6);
const denseBias = tensor('2_dense/bias', 6);
const gamma = tensor('3_batchNormalization/gamma', 6);
const last = tensor('4_dense/kernel', 6, 3);
const lastBias = tensor('4_dense/bias', 3);
const network = [conv, convBias, dense, denseBias, gamma, last, lastBias];
const [filters, units] = [
  [2, 0, 1, 3],
  [5, 4, 3, 2, 1, 0],
] as const;
const otherOrder = [
  reordered(conv, 'columns', filters),
  reordered(convBias, 'columns', filters),
  reordered(reordered(dense, 'rows', filters), 'columns', units),
  reordered(denseBias, 'columns', units),
  reordered(gamma, 'columns', units),
  reordered(last, 'rows', units),
  lastBias,
];
const permuted = (other: readonly Tensor[]) => meaning('weights', weights(network), weights(other));

test('a network with its hidden units in another order, through all its layers, is told to be the same', () => {
  const found = permuted(otherOrder);
  expect(found?.facts['order']).toEqual({
    layers: [
      { layer: '0_conv2d', units: 4, moved: 3 },
      { layer: '2_dense', units: 6, moved: 6 },
    ],
    difference: 0,
  });
  expect(found?.lines[0]).toContain(
    'only its hidden units stand in another order: 0_conv2d (3 of 4), 2_dense (6 of 6)',
  );
});

test('one kernel in another order, or the classes, or other values too, are another network', () => {
  const others: readonly (readonly Tensor[])[] = [
    network.with(2, reordered(dense, 'columns', units)),
    network.with(5, reordered(last, 'columns', [2, 0, 1])),
    otherOrder.map((one) => ({ ...one, values: one.values.map((value) => value + 0.01 * random.normal()) })),
  ];
  for (const other of others) expect(permuted(other)?.facts['permuted']).toBe(false);
});

test('a bias of which all values were 0 has no angle, and the rest is told', () => {
  const zero = { ...denseBias, values: new Float32Array(6) };
  const found = meaning('weights', weights([dense, zero]), weights([dense, denseBias]));
  expect(found?.facts['tensors']).toMatchObject([{ name: '2_dense/bias', norm: 0, cosine: null }]);
});

test('combinations that score otherwise are paired fold by fold, and judged', () => {
  const columns = (scores: readonly (readonly number[])[]): Column[] => [
    text('params', ['a', 'b', 'c']),
    ...[0, 1, 2].map((fold) =>
      floats(
        `split${fold}_test_score`,
        scores.map((folds) => folds[fold] ?? Number.NaN),
      ),
    ),
    floats(
      'mean_test_score',
      scores.map((folds) => folds.reduce((sum, score) => sum + score, 0) / 3),
    ),
  ];
  const same = [0.9, 0.92, 0.91];
  const before = columns([same, [0.8, 0.83, 0.81], [0.7, 0.71, 0.72]]);
  const found = meaning('selection', before, columns([same, [0.931, 0.96, 0.941], [0.71, 0.7, 0.73]]));
  expect(found?.facts['combinations']).toMatchObject([
    { params: 'b', foldsChanged: 3, verdict: 'better' },
    { params: 'c', foldsChanged: 3, verdict: 'noise' },
  ]);
  expect(found?.lines).toContain(
    '2 of 3 combinations score otherwise: 1 better, 1 noise (corrected t-test over the folds, Holm)',
  );
  const diverged = meaning('selection', before, columns([same, [0.8, 0.83, Number.NaN], [0.7, 0.71, 0.72]]));
  expect(diverged?.facts['combinations']).toMatchObject([{ params: 'b', foldsChanged: 1, verdict: 'changed' }]);
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
