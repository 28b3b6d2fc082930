import { expect, test } from 'vitest';
import type { ArtifactType } from '../../src/artifact/artifact-type.ts';
import type { Column } from '../../src/artifact/column.ts';
import { diffArtifacts, type TypedDiff } from '../../src/diff/artifact-diff.ts';
import { createRandom } from '../../src/util/random.ts';
import { float64, int32, text, view } from './support.ts';

type Kind = TypedDiff['kind'];

/** Compares two artifacts of a type and gives what only that type can say. */
function typed<Name extends Kind>(
  kind: Name,
  type: ArtifactType,
  a: readonly Column[],
  b: readonly Column[],
  metadata: [Record<string, string>, Record<string, string>] = [{}, {}],
): Extract<TypedDiff, { kind: Name }> {
  const diff = diffArtifacts(view(a, type, metadata[0]), view(b, type, metadata[1]));
  if (diff.typed?.kind !== kind) throw new Error(`it says nothing as ${kind}`);
  return diff.typed as Extract<TypedDiff, { kind: Name }>;
}

const random = createRandom('artifact-diff');
const pixels = Uint8Array.from({ length: 20 * 9 }, () => random.below(256));

function samples(values: Uint8Array | Float32Array, labels?: readonly number[]): Column[] {
  const rows = values.length / 9;
  return [
    int32(
      'id',
      Array.from({ length: rows }, (_, row) => 100 + row),
    ),
    { name: 'image', kind: 'tensor', shape: [3, 3], values },
    int32('label', labels ?? Array.from({ length: rows }, (_, row) => row % 3)),
  ];
}

test('samples: pictures that differ are counted, the worst named by their id, and the mean pictures compared', () => {
  const edited = pixels.slice();
  for (const [at, by] of [
    [4 * 9 + 2, 90],
    [7 * 9, 9],
    [7 * 9 + 1, 9],
  ] as const)
    edited[at] = ((edited[at] ?? 0) + by) % 256;
  const classes = { classes: '["a","b","c"]' };
  const diff = typed('samples', 'samples', samples(pixels), samples(edited), [classes, classes]);
  expect(diff).toMatchObject({ shape: [3, 3], pictures: 20, changed: 2, labels: [] });
  expect(diff.worst.map(({ id, label }) => [id, label])).toEqual([
    [104, 'b'],
    [107, 'b'],
  ]);
  expect(diff.relation).toBeUndefined();
  expect(diff.means?.largest).toBeGreaterThan(0);
});

test.each([
  ['B = A / 255', (pixel: number) => pixel / 255],
  ['B = 255 - A', (pixel: number) => 255 - pixel],
  ['B = A / 127.5 - 1', (pixel: number) => pixel / 127.5 - 1],
  ['B = 2 A + 3', (pixel: number) => 2 * pixel + 3],
])('samples: pictures that all changed by one rule are told so: %s', (rule, apply) => {
  const diff = typed('samples', 'samples', samples(pixels), samples(Float32Array.from(pixels, apply)));
  expect(diff.changed).toBe(20);
  // 1 / 127.5 is no whole number's: it is given as a factor.
  expect(diff.relation?.rule).toBe(rule === 'B = A / 127.5 - 1' ? 'B = 0.00784314 A - 1' : rule);
  const nearly = Float32Array.from(pixels, (pixel, at) => apply(pixel) + (at === 77 ? 0.1 : 0));
  expect(typed('samples', 'samples', samples(pixels), samples(nearly)).relation).toBeUndefined();
});

test('samples: the same pixels with another scale, and labels that were called something else, are told', () => {
  const labels = Array.from({ length: 20 }, (_, row) => (row < 3 ? 2 : row % 3));
  const diff = typed('samples', 'samples', samples(pixels), samples(pixels, labels), [
    { scale: '1', classes: '["a","b","c"]' },
    { scale: '255', classes: '["a","b","c"]' },
  ]);
  expect(diff.scale).toEqual({ a: 1, b: 255, rule: 'B = A / 255' });
  expect(diff.labels).toEqual([
    { from: 'a', to: 'c', rows: 1 },
    { from: 'b', to: 'c', rows: 1 },
  ]);
});

function split(roles: readonly string[], folds: readonly number[]): Column[] {
  return [
    int32(
      'id',
      roles.map((_, row) => row),
    ),
    text('role', roles),
    int32('fold', folds),
  ];
}

test('split: rows that went from role to role and fold to fold are counted, with what A has seen of the test rows of B', () => {
  const a = split(['train', 'train', 'train', 'train', 'test', 'test'], [0, 0, 1, 1, -1, -1]);
  const b = split(['train', 'train', 'train', 'test', 'train', 'test'], [1, 1, 0, -1, 0, -1]);
  expect(typed('split', 'split', a, b)).toEqual({
    kind: 'split',
    rows: 6,
    roles: [
      { from: 'train', to: 'test', rows: 1 },
      { from: 'test', to: 'train', rows: 1 },
    ],
    folds: [
      { from: '0', to: '1', rows: 2 },
      { from: '1', to: '0', rows: 1 },
    ],
    movedRoles: 2,
    movedFolds: 3,
    // The same groups under other numbers.
    foldAgreement: 1,
    testOverlap: 1 / 3,
    testedAfterTraining: 1,
    trainedAfterTest: 1,
    leakage: { a: 0, b: 0 },
  });
});

test('split: a row that is in two roles of one side leaks', () => {
  const twice = [
    int32('id', [1, 2, 2, 3]),
    text('role', ['train', 'train', 'test', 'test']),
    int32('fold', [0, 0, -1, -1]),
  ];
  const once = [
    int32('id', [1, 2, 4, 3]),
    text('role', ['train', 'train', 'test', 'test']),
    int32('fold', [0, 0, -1, -1]),
  ];
  expect(typed('split', 'split', twice, once).leakage).toEqual({ a: 1, b: 0 });
});

function ranking(scores: readonly (readonly number[])[], selected: number): Column[] {
  const means = scores.map((folds) => folds.reduce((sum, score) => sum + score, 0) / folds.length);
  return [
    text(
      'params',
      scores.map((_, row) => `{"units":${row}}`),
    ),
    ...[0, 1, 2].map((fold) =>
      float64(
        `split${fold}_test_score`,
        scores.map((folds) => folds[fold] ?? Number.NaN),
      ),
    ),
    float64('mean_test_score', means),
    { name: 'selected', kind: 'number', values: Uint8Array.from(scores, (_, row) => (row === selected ? 1 : 0)) },
  ];
}

test('search: combinations are paired by fold, with the correlation of the ranks and the winner', () => {
  const before = [
    [0.9, 0.92, 0.91],
    [0.8, 0.83, 0.81],
    [0.7, 0.71, 0.72],
  ];
  const after = [
    [0.9, 0.92, 0.91],
    [0.93, 0.95, 0.94],
    [0.71, 0.7, 0.73],
  ];
  const diff = typed('search', 'selection', ranking(before, 0), ranking(after, 1));
  expect(diff).toMatchObject({ combinations: 3, winner: { a: '{"units":0}', b: '{"units":1}', same: false } });
  expect(diff.rankCorrelation).toBeCloseTo(1 / 3);
  expect(diff.changed.map(({ params, foldsChanged, verdict }) => [params, foldsChanged, verdict])).toEqual([
    ['{"units":1}', 3, 'better'],
    ['{"units":2}', 3, 'noise'],
  ]);
});

interface Layer {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

function weights(layers: readonly Layer[]): Column[] {
  return [
    text(
      'name',
      layers.map(({ name }) => name),
    ),
    text(
      'dtype',
      layers.map(() => 'float32'),
    ),
    { name: 'shape', kind: 'list', values: layers.map(({ shape }) => Int32Array.from(shape)) },
    { name: 'values', kind: 'list', values: layers.map(({ values }) => values) },
  ];
}

function layer(name: string, ...shape: number[]): Layer {
  const size = shape.reduce((product, extent) => product * extent, 1);
  return { name, shape, values: Float32Array.from({ length: size }, () => random.normal()) };
}

/** A convolution over 2 x 2 places, flattened into a dense layer, normalised, and the classes. */
const network = [
  layer('0_conv2d/kernel', 3, 3, 1, 4),
  layer('0_conv2d/bias', 4),
  layer('2_dense/kernel', 16, 6),
  layer('2_dense/bias', 6),
  layer('3_batchNormalization/gamma', 6),
  layer('4_dense/kernel', 6, 3),
  layer('4_dense/bias', 3),
];

/** The same values with the units of one axis in another order; `repeat` places that each have all units. */
function reordered({ name, shape, values }: Layer, axis: 'rows' | 'columns', order: ArrayLike<number>): Layer {
  const columns = shape.at(-1) ?? 1;
  const to = (at: number): number => at - (at % order.length) + (order[at % order.length] ?? 0);
  const moved = new Float32Array(values.length);
  values.forEach((value, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns];
    moved[axis === 'rows' ? to(row) * columns + column : row * columns + to(column)] = value;
  });
  return { name, shape, values: moved };
}

test('weights: networks of which only the order of hidden units differs are told to be the same', () => {
  const [filters, units] = [createRandom('filters').permutation(4), createRandom('units').permutation(6)];
  const [conv, convBias, dense, bias, gamma, last, lastBias] = network as [
    Layer,
    Layer,
    Layer,
    Layer,
    Layer,
    Layer,
    Layer,
  ];
  const other = [
    reordered(conv, 'columns', filters),
    reordered(convBias, 'columns', filters),
    reordered(reordered(dense, 'rows', filters), 'columns', units),
    reordered(bias, 'columns', units),
    reordered(gamma, 'columns', units),
    reordered(last, 'rows', units),
    lastBias,
  ];
  const diff = typed('weights', 'weights', weights(network), weights(other));
  const moved = (order: Int32Array): number => order.filter((to, at) => to !== at).length;
  expect(diff.unitOrder).toEqual({
    layers: [
      { layer: '0_conv2d', units: 4, moved: moved(filters) },
      { layer: '2_dense', units: 6, moved: moved(units) },
    ],
    difference: 0,
  });
  expect(diff.same).toBe(1);
  const noisy = other.map((one) => ({ ...one, values: one.values.map((value) => value + 0.01 * random.normal()) }));
  expect(typed('weights', 'weights', weights(network), weights(noisy)).unitOrder).toBeUndefined();
});

test('weights: of each tensor lengths, angle, the largest change with its place, signs and histogram', () => {
  const a: Layer = { name: '0_dense/kernel', shape: [2, 2], values: Float32Array.of(3, 0, 0, 4) };
  const b: Layer = { ...a, values: Float32Array.of(3, 0, 0, -4) };
  const more = layer('1_dense/kernel', 2, 2);
  const diff = typed(
    'weights',
    'weights',
    weights([a, more]),
    weights([b, { ...more, shape: [4] }, layer('2_dense/bias', 3)]),
  );
  expect(diff).toMatchObject({
    parameters: { a: 8, b: 11 },
    same: 0,
    added: ['2_dense/bias'],
    removed: [],
    reshaped: [{ name: '1_dense/kernel', a: [2, 2], b: [4] }],
  });
  expect(diff.changed).toEqual([
    {
      name: '0_dense/kernel',
      shape: [2, 2],
      lengthA: 5,
      lengthB: 5,
      lengthOfDifference: 8,
      relative: 1.6,
      cosine: -7 / 25,
      largest: 8,
      largestAt: [1, 1],
      signsChanged: 1,
      histogram: [1, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0],
    },
  ]);
});

function predictions(labels: readonly number[], predicted: readonly number[]): Column[] {
  return [
    int32(
      'id',
      labels.map((_, row) => 10 + row),
    ),
    int32('label', labels),
    int32('predicted', predicted),
  ];
}

test('predictions: who went from right to wrong and back, by class, with the test that both are right equally often', () => {
  const classes = { classes: '["a","b","c"]' };
  const labels = [0, 0, 1, 1, 2, 2];
  const diff = typed(
    'predictions',
    'predictions',
    predictions(labels, [0, 1, 1, 1, 2, 0]),
    predictions(labels, [1, 0, 1, 2, 2, 1]),
    [classes, classes],
  );
  expect(diff).toMatchObject({ rows: 6, otherLabel: 0, changed: 4, rightToWrong: 2, wrongToRight: 1, wrongToWrong: 1 });
  expect(diff.classes).toEqual([
    { class: 'a', rows: 2, rightToWrong: 1, wrongToRight: 1 },
    { class: 'b', rows: 2, rightToWrong: 1, wrongToRight: 0 },
  ]);
  expect(diff.newMistakes).toEqual([
    { id: 10, label: 'a', a: 'a', b: 'b' },
    { id: 13, label: 'b', a: 'b', b: 'c' },
  ]);
  expect(diff.accuracy).toMatchObject({ rows: 6, a: 4 / 6, b: 3 / 6, pValue: 1, verdict: 'noise' });
});

test('confusion: the mistakes whose counts changed most, and the classes that are right more or less often', () => {
  const counts = (values: readonly number[]): Column[] => [
    text('class', ['a', 'b']),
    { name: 'counts', kind: 'tensor', shape: [2], values: Float32Array.from(values) },
  ];
  const diff = typed('confusion', 'confusion', counts([8, 2, 1, 9]), counts([5, 5, 1, 9]));
  expect(diff).toEqual({
    kind: 'confusion',
    total: { a: 20, b: 20 },
    changedCells: 2,
    largest: [{ truth: 'a', predicted: 'b', a: 2, b: 5, difference: 3 }],
    right: [{ truth: 'a', predicted: 'a', a: 8, b: 5, difference: -3 }],
  });
});

function metrics(rows: readonly (readonly [string, string, string, number, number, number])[]): Column[] {
  return [
    text(
      'metric',
      rows.map(([metric]) => metric),
    ),
    text(
      'average',
      rows.map(([, average]) => average),
    ),
    text(
      'class',
      rows.map(([, , name]) => name),
    ),
    float64(
      'value',
      rows.map((row) => row[3]),
    ),
    float64(
      'low',
      rows.map((row) => row[4]),
    ),
    float64(
      'high',
      rows.map((row) => row[5]),
    ),
  ];
}

test('metrics: differences have an interval and a verdict where their intervals are known', () => {
  const nan = Number.NaN;
  const diff = typed(
    'metrics',
    'metrics',
    metrics([
      ['accuracy', '', '', 0.9, 0.89, 0.91],
      ['f1', 'macro', '', 0.8, 0.7, 0.9],
      ['recall', 'class', 'a', 0.5, nan, nan],
      ['f1', 'class', 'a', 0.5, nan, nan],
    ]),
    metrics([
      ['accuracy', '', '', 0.95, 0.94, 0.96],
      ['f1', 'macro', '', 0.81, 0.7, 0.9],
      ['recall', 'class', 'a', 0.7, nan, nan],
      ['f1', 'class', 'a', 0.5, nan, nan],
    ]),
  );
  expect(diff.compared).toBe(4);
  expect(diff.changed.map((one) => [one.metric, one.average, one.verdict, one.by])).toEqual([
    ['accuracy', '', 'better', 'intervals'],
    ['f1', 'macro', 'noise', 'intervals'],
    ['recall', 'class', undefined, undefined],
  ]);
  expect(diff.changed[0]?.interval?.low).toBeCloseTo(0.05 - Math.hypot(0.01, 0.01));
});

test('timings: a difference that a quiet machine has by itself is noise, and any where something else computed', () => {
  const times = (seconds: number, exclusive: number): Column[] => [
    text('phase', ['inference']),
    float64('seconds', [seconds]),
    int32('samples', [100]),
    { name: 'exclusive', kind: 'number', values: Uint8Array.of(exclusive) },
  ];
  const verdict = (a: number, b: number, exclusive = 1) =>
    typed('timings', 'timings', times(a, 1), times(b, exclusive)).phases[0]?.verdict;
  expect([verdict(1, 1.2), verdict(1, 2), verdict(2, 1), verdict(1, 2, 0)]).toEqual([
    'noise',
    'worse',
    'better',
    'noise',
  ]);
});

test('artifacts of another type, or without the columns of theirs, are compared as tables', () => {
  const plain = [int32('id', [1]), int32('x', [2])];
  expect(
    diffArtifacts(view(plain, 'samples'), view([int32('id', [1]), int32('x', [3])], 'samples')).typed,
  ).toBeUndefined();
  expect(diffArtifacts(view(plain, 'samples'), view(plain, 'split'))).toMatchObject({
    types: { a: 'samples', b: 'split' },
    table: { same: false, schema: { metadata: [{ name: 'pipe.type', a: 'samples', b: 'split' }] } },
  });
  for (const type of [
    'samples',
    'split',
    'selection',
    'weights',
    'predictions',
    'confusion',
    'metrics',
    'timings',
  ] as const)
    expect(diffArtifacts(view([], type), view([int32('id', [])], type)).table.rows).toMatchObject({ a: 0, b: 0 });
});
