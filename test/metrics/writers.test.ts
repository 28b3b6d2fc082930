import { expect, test } from 'vitest';
import { accuracyByGroup, writersTable } from '../../src/metrics/writers.ts';

test('each writer has its rows and the share of them that is right', () => {
  const groups = accuracyByGroup([7, 3, 7, 3, 7], Int32Array.of(0, 1, 2, 3, 4), Int32Array.of(0, 1, 2, 0, 0));
  expect(groups).toEqual([
    { group: 3, rows: 2, right: 1 },
    { group: 7, rows: 3, right: 2 },
  ]);
  const { columns } = writersTable(groups, {});
  expect(columns.map(({ name, values }) => [name, Array.from(values as ArrayLike<number>)])).toEqual([
    ['writer', [3, 7]],
    ['support', [2, 3]],
    ['accuracy', [0.5, 2 / 3]],
  ]);
});
