import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ArtifactType } from '../../src/artifact/artifact-type.ts';
import type { Column } from '../../src/artifact/column.ts';
import { diffTables, isSame } from '../../src/diff/table-diff.ts';
import { artifactOf, floats, ints, text } from '../report/study-files.ts';

interface Row {
  readonly id: number;
  readonly x: number;
  readonly name: string | null;
}

function columnsOf(rows: readonly Row[], withKey = true): Column[] {
  return [
    ...(withKey
      ? [
          ints(
            'id',
            rows.map(({ id }) => id),
          ),
        ]
      : []),
    floats(
      'x',
      rows.map(({ x }) => x),
    ),
    text(
      'name',
      rows.map(({ name }) => name),
    ),
  ];
}

const table = (columns: readonly Column[], type: ArtifactType = 'table') => artifactOf(type, { columns });
const diff = (before: readonly Column[], after: readonly Column[], type: ArtifactType = 'table') =>
  diffTables(table(before, type), table(after, type)).diff;

const rowsOf = (count: number): Row[] =>
  Array.from({ length: count }, (_, id) => ({
    id,
    x: id % 3 === 0 ? Number.NaN : id / 4,
    name: id % 4 === 0 ? null : `n${id % 5}`,
  }));

describe('edit scripts are reported as they were applied', () => {
  test('rows with a key: removed, added and changed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 40 }),
        fc.array(fc.nat(39), { maxLength: 8 }),
        fc.array(fc.nat(39), { maxLength: 8 }),
        fc.nat(6),
        (count, remove, change, add) => {
          const before = rowsOf(count);
          const removed = new Set(remove.filter((id) => id < count));
          const changed = new Set(change.filter((id) => id < count && !removed.has(id)));
          const kept = before.filter(({ id }) => !removed.has(id));
          const edited = kept.map((row) =>
            changed.has(row.id) ? { ...row, x: row.id % 2 === 0 ? 1000 : row.x, name: 'edited' } : row,
          );
          const after = [
            ...edited,
            ...Array.from({ length: add }, (_, index) => ({ id: 100 + index, x: 0, name: 'new' })),
          ];
          const found = diff(columnsOf(before), columnsOf(after));
          expect([found.removed, found.added, found.changed, found.moved]).toEqual([
            removed.size,
            add,
            changed.size,
            0,
          ]);
          expect(isSame(found)).toBe(removed.size + changed.size + add === 0);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('rows without a key: removed, added and moved', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.nat(39), fc.nat(39), fc.boolean(), (count, from, to, cut) => {
        const before = rowsOf(count).map((row) => ({ ...row, name: `row ${row.id}` }));
        const after = [...before];
        const [row] = after.splice(from % count, 1);
        if (row !== undefined && !cut) after.splice(to % count, 0, row);
        const found = diff(columnsOf(before, false), columnsOf(after, false));
        expect([found.removed, found.added, found.changed]).toEqual([cut ? 1 : 0, 0, 0]);
        expect(found.moved).toBe(cut || from % count === to % count ? 0 : 1);
        expect(found.alignment).toBe('content');
      }),
      { numRuns: 100 },
    );
  });
});

test('a row without a key that changed in its place is a change, not one row less and one more', () => {
  const before = rowsOf(10).map((row) => ({ ...row, name: `row ${row.id}` }));
  const after = before.map((row) => (row.id === 4 ? { ...row, name: 'other' } : row));
  expect(diff(columnsOf(before, false), columnsOf(after, false))).toMatchObject({
    changed: 1,
    added: 0,
    removed: 0,
    moved: 0,
  });
});

test('many rows that are all alike are paired in their order, quickly', () => {
  const alike = (count: number) => [floats('x', new Array<number>(count).fill(1))];
  expect(diff(alike(50_000), alike(50_001))).toMatchObject({ added: 1, removed: 0, changed: 0, moved: 0 });
});

test('columns that come, go and change their type are named; numbers are compared as numbers all the same', () => {
  const found = diff(
    [ints('id', [1, 2]), ints('a', [5, 6]), ints('b', [1, 1])],
    [ints('id', [1, 2]), floats('a', [5, 7]), text('c', ['x', 'y'])],
  );
  expect(found.columnsAdded).toEqual([{ name: 'c', type: 'text' }]);
  expect(found.columnsRemoved).toEqual([{ name: 'b', type: 'int32' }]);
  expect(found.columns).toMatchObject([{ name: 'a', type: 'int32', typeAfter: 'float64', changed: 1, largest: 1 }]);
});

test('NaN equals NaN, a text is another one than none, and 0 equals -0', () => {
  const before = [
    ints('id', [1, 2, 3, 4]),
    floats('x', [Number.NaN, 0, Number.NaN, 1]),
    text('t', ['', 'a', null, 'b']),
  ];
  const after = [ints('id', [1, 2, 3, 4]), floats('x', [Number.NaN, -0, 1, 1]), text('t', [null, 'a', null, 'b'])];
  const found = diff(before, after);
  expect(found.changed).toBe(2);
  expect(found.columns.map(({ name, changed }) => [name, changed])).toEqual([
    ['x', 1],
    ['t', 1],
  ]);
});

test('within a tolerance numbers are the same', () => {
  const [before, after] = [
    table([ints('id', [1, 2]), floats('x', [100, 1])]),
    table([ints('id', [1, 2]), floats('x', [100.05, 1.05])]),
  ];
  expect(diffTables(before, after).diff.changed).toBe(2);
  expect(diffTables(before, after, { absolute: 0, relative: 0.001 }).diff.changed).toBe(1);
  expect(isSame(diffTables(before, after, { absolute: 0.1, relative: 0 }).diff)).toBe(true);
});

test('empty tables and tables without columns in common are compared without a fault', () => {
  expect(isSame(diff([ints('id', [])], [ints('id', [])]))).toBe(true);
  expect(diff([ints('id', [])], [ints('id', [4])])).toMatchObject({ added: 1, removed: 0 });
  expect(diff([ints('a', [1])], [text('b', ['x'])])).toMatchObject({
    columnsAdded: [{ name: 'b' }],
    columnsRemoved: [{ name: 'a' }],
    alignment: 'position',
  });
});

test('metrics are paired by metric, average and class, whatever their order', () => {
  const rows = (order: readonly number[]): Column[] => {
    const all = [
      ['accuracy', '', '', 0.8],
      ['f1', 'macro', '', 0.7],
      ['f1', 'class', 'a', 0.6],
    ] as const;
    const picked = order.map((at) => all[at] as (typeof all)[number]);
    return [
      text(
        'metric',
        picked.map(([metric]) => metric),
      ),
      text(
        'average',
        picked.map(([, average]) => average),
      ),
      text(
        'class',
        picked.map(([, , name]) => name),
      ),
      floats(
        'value',
        picked.map(([, , , value]) => value),
      ),
    ];
  };
  const found = diff(rows([0, 1, 2]), rows([2, 0, 1]), 'metrics');
  expect(found).toMatchObject({ alignment: 'key', changed: 0, added: 0, removed: 0, moved: 1 });
});

test('from or to NaN or infinity there is no distance, and the largest of the others is kept', () => {
  const id = ints('id', [1, 2, 3, 4]);
  const found = diff(
    [id, floats('x', [100, 0, 1, Number.POSITIVE_INFINITY])],
    [id, floats('x', [0, Number.NaN, 2, 1])],
  );
  expect(found.columns).toMatchObject([{ name: 'x', changed: 4, largest: 100, mean: 50.5 }]);
  const away = diff([id, floats('x', [1, 2, 3, 4])], [id, floats('x', [Number.NaN, 2, 3, 4])]);
  expect(away.columns[0]).not.toHaveProperty('largest');
});

test('infinity is not within a share of itself', () => {
  const [before, after] = [Number.POSITIVE_INFINITY, 1].map((x) => table([ints('id', [1]), floats('x', [x])]));
  if (before === undefined || after === undefined) throw new Error('two tables');
  expect(diffTables(before, after, { absolute: 0, relative: 0.1 }).diff.changed).toBe(1);
});

test('metadata that differ are a difference, with what they were and are', () => {
  const columns = [ints('id', [1])];
  const found = diffTables(
    artifactOf('table', { columns, metadata: { scale: '1', gone: 'x' } }),
    artifactOf('table', { columns, metadata: { scale: '255' } }),
  ).diff;
  expect(found.metadata).toEqual([
    { name: 'gone', before: 'x' },
    { name: 'scale', before: '1', after: '255' },
  ]);
  expect(isSame(found)).toBe(false);
});

test('a key that became a column of another kind tells no rows apart: they go by their place', () => {
  const found = diff([ints('id', [1, 2]), ints('x', [1, 2])], [text('id', ['1', '2']), ints('x', [1, 2])]);
  expect(found).toMatchObject({ alignment: 'position', added: 0, removed: 0, changed: 2 });
});
