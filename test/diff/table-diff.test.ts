import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Column } from '../../src/artifact/column.ts';
import { diffTables } from '../../src/diff/table-diff.ts';
import { createRandom } from '../../src/util/random.ts';
import { float64, int32, text, view } from './support.ts';

/** A row of the generated tables, with every kind of column. */
interface Row {
  readonly id: number;
  readonly score: number;
  readonly name: string | null;
  readonly image: readonly number[];
  readonly list: readonly number[];
}

function columnsOf(rows: readonly Row[], withId: boolean): Column[] {
  const columns: Column[] = [
    float64(
      'score',
      rows.map(({ score }) => score),
    ),
    text(
      'name',
      rows.map(({ name }) => name),
    ),
    { name: 'image', kind: 'tensor', shape: [2, 2], values: Uint8Array.from(rows.flatMap(({ image }) => image)) },
    { name: 'list', kind: 'list', values: rows.map(({ list }) => Float32Array.from(list)) },
    { name: 'bytes', kind: 'binary', values: rows.map(({ name }) => Buffer.from(name ?? '')) },
  ];
  return withId
    ? [
        int32(
          'id',
          rows.map(({ id }) => id),
        ),
        ...columns,
      ]
    : columns;
}

function rowOf(id: number): Row {
  const random = createRandom('row', id);
  return {
    id,
    score: random.below(5) === 0 ? Number.NaN : random.uniform(),
    name: random.below(5) === 0 ? null : `row ${id}`,
    image: Array.from({ length: 4 }, () => random.below(256)),
    // Makes every row another one, whatever else is equal.
    list: [id, ...Array.from({ length: random.below(3) }, () => random.below(3))],
  };
}

/** What may happen to a row that stays, with the column that differs then. */
const changes: readonly [string, (row: Row) => Row][] = [
  ['score', (row) => ({ ...row, score: Number.isNaN(row.score) ? 0.5 : row.score + 1 })],
  ['score', (row) => ({ ...row, score: Number.isNaN(row.score) ? 7 : Number.NaN })],
  ['image', (row) => ({ ...row, image: row.image.with(2, ((row.image[2] ?? 0) + 9) % 256) })],
  ['list', (row) => ({ ...row, list: [...row.list, 8] })],
  ['list', (row) => ({ ...row, list: row.list.map((value) => value + 0.5) })],
];

interface Script {
  readonly rows: number;
  readonly removed: ReadonlySet<number>;
  readonly changed: ReadonlyMap<number, number>;
  readonly added: readonly number[];
  readonly shuffle: boolean;
}

const scripts: fc.Arbitrary<Script> = fc
  .record({
    rows: fc.integer({ min: 0, max: 40 }),
    removed: fc.array(fc.nat(39), { maxLength: 8 }),
    changed: fc.array(fc.tuple(fc.nat(39), fc.nat(changes.length - 1)), { maxLength: 8 }),
    added: fc.array(fc.nat(39), { maxLength: 8 }),
    shuffle: fc.boolean(),
  })
  .map(({ rows, removed, changed, added, shuffle }) => {
    const gone = new Set(removed.filter((row) => row < rows));
    return {
      rows,
      removed: gone,
      changed: new Map(changed.filter(([row]) => row < rows && !gone.has(row))),
      added,
      shuffle,
    };
  });

function applied(script: Script): { readonly before: Row[]; readonly after: Row[] } {
  const before = Array.from({ length: script.rows }, (_, id) => rowOf(id));
  const after = before.flatMap((row) => {
    if (script.removed.has(row.id)) return [];
    const change = script.changed.get(row.id);
    return [change === undefined ? row : (changes[change]?.[1](row) ?? row)];
  });
  script.added.forEach((place, index) => {
    after.splice(Math.min(place, after.length), 0, rowOf(1000 + index));
  });
  if (!script.shuffle) return { before, after };
  const order = createRandom('shuffle', script.rows).permutation(after.length);
  return { before, after: Array.from(order, (row) => after[row] as Row) };
}

/** The fewest rows to move, by a table of all pairs. */
function fewestMoves(before: readonly Row[], after: readonly Row[]): number {
  const places = before.map(({ id }) => after.findIndex((row) => row.id === id)).filter((place) => place >= 0);
  const lengths: number[] = [];
  places.forEach((place, at) => {
    lengths.push(1 + Math.max(0, ...lengths.filter((_, other) => (places[other] ?? 0) < place && other < at)));
  });
  return places.length - Math.max(0, ...lengths);
}

test('with a key, every edit is reported as it was applied: rows removed, added, changed by column, moved', () => {
  fc.assert(
    fc.property(scripts, (script) => {
      const { before, after } = applied(script);
      const diff = diffTables(view(columnsOf(before, true)), view(columnsOf(after, true)));
      const [changed, removed, added] = [script.changed.size, script.removed.size, script.added.length];
      const moved = fewestMoves(before, after);
      expect(diff.rows).toEqual({
        a: before.length,
        b: after.length,
        same: before.length - removed - changed,
        changed,
        removed,
        added,
        moved,
      });
      expect(diff.same).toBe(changed + removed + added + moved === 0);
      // Of files that are the same no column is looked at.
      for (const column of ['score', 'image', 'list', 'name'])
        expect(diff.columns.find(({ name }) => name === column)?.difference?.changedRows ?? 0).toBe(
          [...script.changed.values()].filter((change) => changes[change]?.[0] === column).length,
        );
      expect(diff.samples.removed).toEqual([...script.removed].sort((one, other) => one - other).slice(0, 10));
      for (const row of diff.samples.first) expect(after[row.b]?.id).toBe(before[row.a]?.id);
      expect(diff.samples.added.every((row) => (after[row]?.id ?? 0) >= 1000)).toBe(true);
    }),
    { numRuns: 150 },
  );
});

test('without a key, rows that are the same are found wherever they stand, twice the same row too', () => {
  fc.assert(
    fc.property(scripts, fc.boolean(), (script, doubled) => {
      const once = applied({ ...script, changed: new Map() });
      const [before, after] = doubled
        ? [once.before.flatMap((row) => [row, row]), once.after.flatMap((row) => [row, row])]
        : [once.before, once.after];
      // Below half of the rows the same, places would count; and a row in the place of another is the same row, changed.
      fc.pre(2 * (before.length - script.removed.size) >= Math.max(before.length, after.length));
      fc.pre(script.removed.size === 0 || script.added.length === 0);
      const { rows, alignment, same } = diffTables(view(columnsOf(before, false)), view(columnsOf(after, false)));
      const factor = doubled ? 2 : 1;
      expect(same ? 'row-hash' : alignment.by).toBe('row-hash');
      expect([rows.removed, rows.added]).toEqual([factor * script.removed.size, factor * script.added.length]);
      expect(rows.changed).toBe(0);
    }),
    { numRuns: 100 },
  );
});

test('without a key, a row in the place of another between two that stayed is the same row, changed', () => {
  const rows = Array.from({ length: 9 }, (_, id) => rowOf(id));
  const after = rows.map((row) => (row.id === 4 || row.id === 8 ? { ...row, score: 99 } : row));
  const diff = diffTables(view(columnsOf(rows, false)), view(columnsOf(after, false)));
  expect(diff.alignment.by).toBe('row-hash');
  expect(diff.rows).toMatchObject({ changed: 2, added: 0, removed: 0, moved: 0 });
  expect(diff.samples.first.map(({ a, b }) => [a, b])).toEqual([
    [4, 4],
    [8, 8],
  ]);
});

test('where nearly no row is the same and there are as many, rows go by their place', () => {
  const numbers = [1, 2, 3, 4, 5];
  const diff = diffTables(
    view([int32('x', numbers)]),
    view([
      int32(
        'x',
        numbers.map((value) => 10 * value),
      ),
    ]),
  );
  expect(diff.alignment).toEqual({ by: 'position', because: 'id is not in both; 0 of 5 rows are the same' });
  expect(diff.rows).toMatchObject({ changed: 5, added: 0, removed: 0 });
  expect(diff.columns[0]?.difference).toMatchObject({ largest: 45, mean: 27, largestAt: { a: 4, b: 4, element: 0 } });
});

test('a key that is not unique is told, and the next rule taken', () => {
  const a = view([int32('id', [1, 2, 2]), int32('x', [1, 2, 3])]);
  const b = view([int32('id', [1, 2, 3]), int32('x', [1, 2, 3])]);
  expect(diffTables(a, b).alignment).toMatchObject({ by: 'row-hash', because: 'id is not unique in A' });
  expect(diffTables(b, a).alignment.because).toBe('id is not unique in B');
  expect(diffTables(a, b, { key: ['x'] }).rows).toMatchObject({ changed: 1, same: 2 });
});

test('the same file is told by its bytes, without a look at its rows', () => {
  const columns = [int32('x', [3, 1, 2])];
  const diff = diffTables(view(columns), view(columns));
  expect(diff).toMatchObject({ same: true, alignment: { by: 'digest' }, columns: [], rows: { same: 3 } });
});

test('columns that came, went, changed their type or order, and metadata, are differences of the schema', () => {
  const a = view([int32('id', [1, 2]), int32('x', [5, 6]), text('gone', ['a', 'b']), text('t', ['1', '2'])], 'table', {
    m: '1',
  });
  const b = view([float64('x', [5, 6.5]), int32('id', [1, 2]), int32('t', [1, 2]), int32('new', [0, 0])], 'table', {
    n: '2',
  });
  const { schema, rows, columns } = diffTables(a, b);
  expect(schema).toEqual({
    added: [{ name: 'new', type: 'int32' }],
    removed: [{ name: 'gone', type: 'text' }],
    changed: [
      { name: 'x', a: 'int32', b: 'float64', compared: true },
      { name: 't', a: 'text', b: 'int32', compared: false },
    ],
    reordered: true,
    metadata: [
      { name: 'pipe.m', a: '1', b: null },
      { name: 'pipe.n', a: null, b: '2' },
    ],
  });
  // Numbers of another type are compared as numbers; what cannot be compared changes no row.
  expect(rows).toMatchObject({ same: 1, changed: 1 });
  expect(columns.find(({ name }) => name === 't')?.difference).toBeUndefined();
});

test('a type that holds the same numbers changes no row, in a key as in a tensor', () => {
  const image = (values: Uint8Array | Float32Array): Column => ({ name: 'image', kind: 'tensor', shape: [2], values });
  const a = view([int32('id', [2, 1]), image(Uint8Array.of(1, 2, 3, 4))]);
  const b = view([float64('id', [1, 2]), image(Float32Array.of(3, 4, 1, 2))]);
  const diff = diffTables(a, b);
  expect(diff.rows).toMatchObject({ same: 2, changed: 0, moved: 1 });
  expect(diff.schema.changed.map(({ a, b }) => [a, b])).toEqual([
    ['int32', 'float64'],
    ['uint8[2]', 'float32[2]'],
  ]);
  expect(diff.same).toBe(false);
});

test('NaN is NaN, 0 is -0, and from NaN or infinity there is no distance', () => {
  const a = view([
    int32('id', [1, 2, 3, 4, 5]),
    float64('x', [Number.NaN, 0, Number.NaN, Number.POSITIVE_INFINITY, 1]),
  ]);
  const b = view([int32('id', [1, 2, 3, 4, 5]), float64('x', [Number.NaN, -0, 1, 1, 1.5])]);
  const x = diffTables(a, b).columns[1];
  expect(x?.difference).toMatchObject({
    changedRows: 3,
    changedValues: 3,
    beyondTolerance: 3,
    largest: 0.5,
    mean: 0.1,
  });
  expect(x?.statistics.a).toMatchObject({ nans: 2, min: 0, max: null });
});

test('differences within the tolerance of the type are counted apart', () => {
  const a = view([int32('id', [1, 2]), float64('x', [1, 1])]);
  const b = view([int32('id', [1, 2]), float64('x', [1 + 1e-9, 1.1])]);
  expect(diffTables(a, b).columns[1]?.difference).toMatchObject({ changedValues: 2, beyondTolerance: 1 });
  const tolerance = { absolute: 0.5, relative: 0 };
  expect(diffTables(a, b, { tolerance }).columns[1]?.difference).toMatchObject({ beyondTolerance: 0, tolerance });
});

test('statistics of both sides are those of all their rows, added and removed ones too', () => {
  const a = view([int32('id', [1, 2, 3]), float64('x', [1, 2, 9]), text('t', ['a', null, 'c'])]);
  const b = view([int32('id', [1, 2]), float64('x', [1, Number.NaN]), text('t', ['a', 'b'])]);
  const [, x, t] = diffTables(a, b).columns;
  expect(x?.statistics).toEqual({
    a: { rows: 3, nulls: 0, nans: 0, min: 1, max: 9, mean: 4 },
    b: { rows: 2, nulls: 0, nans: 1, min: 1, max: 1, mean: 1 },
  });
  expect(t?.statistics.a.nulls).toBe(1);
  expect(t?.difference).toMatchObject({ changedRows: 1, changedValues: 1 });
});

test('the worst rows are those of the largest difference by the range of its column, with the key and both values', () => {
  const ids = Array.from({ length: 40 }, (_, id) => id);
  const a = view([
    int32('id', ids),
    float64(
      'x',
      ids.map(() => 0),
    ),
    float64(
      'y',
      ids.map((id) => 1000 * id),
    ),
  ]);
  const b = view([
    int32('id', ids),
    float64(
      'x',
      ids.map((id) => (id % 2 === 0 ? 0 : id / 39)),
    ),
    float64(
      'y',
      ids.map((id) => 1000 * id + (id === 2 ? 30 : 0)),
    ),
  ]);
  const { first, worst } = diffTables(a, b).samples;
  expect(first.map((row) => row.a)).toEqual([1, 2, 3, 5, 7, 9, 11, 13, 15, 17]);
  expect(worst.map((row) => row.a)).toEqual([39, 37, 35, 33, 31, 29, 27, 25, 23, 21]);
  expect(worst[0]).toEqual({ a: 39, b: 39, key: { id: 39 }, columns: [{ name: 'x', a: 0, b: 1 }] });
});

test('tables without rows and without columns are compared like others', () => {
  const none = view([]);
  const empty = view([int32('id', [])]);
  expect(diffTables(none, view([], 'table', { m: '1' }))).toMatchObject({
    same: false,
    rows: { a: 0, b: 0, changed: 0 },
  });
  expect(diffTables(none, empty).schema.added).toEqual([{ name: 'id', type: 'int32' }]);
  expect(diffTables(empty, view([int32('id', [4, 5])])).rows).toMatchObject({ a: 0, b: 2, added: 2, removed: 0 });
  expect(diffTables(view([int32('x', [4, 5])]), view([text('y', ['a', 'b'])])).rows).toMatchObject({ a: 2, b: 2 });
});
