import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Bool,
  Dictionary,
  Field,
  Float64,
  Int32,
  Int64,
  List,
  Struct,
  Table,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import { expect, test } from 'vitest';
import { diffTables } from '../../src/diff/table-diff.ts';
import { openTableView, type TableView } from '../../src/diff/table-view.ts';

const folder = mkdtempSync(join(tmpdir(), 'pipe-foreign-'));
let files = 0;

function opened(table: Table): TableView {
  files++;
  const path = join(folder, `${files}.arrow`);
  writeFileSync(path, tableToIPC(table, 'file'));
  const view = openTableView(path);
  if (!view.ok) throw new Error(view.error.message);
  return view.value;
}

function foreign(change: {
  long?: bigint;
  flag?: boolean;
  word?: string;
  n?: number;
  item?: number | null;
}): TableView {
  const point = new Struct<{ n: Int32 }>([new Field('n', new Int32())]);
  const whole = new Table({
    id: vectorFromArray([1n, 2n, 3n], new Int64()),
    long: vectorFromArray([5n, change.long ?? 9007199254740993n, 7n], new Int64()),
    flag: vectorFromArray([true, null, change.flag ?? true], new Bool()),
    word: vectorFromArray(['a', change.word ?? 'b', 'a'], new Dictionary(new Utf8(), new Int32(), 1)),
    point: vectorFromArray([{ n: 1 }, { n: change.n ?? 2 }, { n: 3 }], point),
    list: vectorFromArray([[1, change.item ?? null], [], [4]], new List(new Field('item', new Float64(), true))),
    empty: vectorFromArray([null, 1, null], new Float64()),
  });
  return opened(new Table([...whole.slice(0, 2).batches, ...whole.slice(2).batches]));
}

test('tables of other programs are compared too: 64 bits, truth values, dictionaries, structs, nulls, several batches', () => {
  const a = foreign({});
  expect(a.columns.map(({ type }) => type)).toEqual([
    'int64',
    'int64',
    'bool',
    'dictionary<int32, utf8>',
    'struct<{n:int32}>',
    'list<float64>',
    'float64',
  ]);
  const b = foreign({ long: 9007199254740992n, flag: false, word: 'c', n: 5, item: 3 });
  const diff = diffTables(a, b);
  expect(diff.alignment).toEqual({ by: 'key', key: ['id'] });
  expect(diff.rows).toMatchObject({ a: 3, b: 3, changed: 3, same: 0 });
  expect(diff.columns.map(({ difference }) => difference?.changedRows)).toEqual([0, 1, 1, 1, 1, 1, 0]);
  expect(diff.columns.at(-1)?.statistics.a).toMatchObject({ nulls: 2, rows: 3, mean: 1 });
});

test('a file that is cut off, or is none of Arrow, is told', () => {
  const path = join(folder, 'broken');
  writeFileSync(path, 'x'.repeat(100));
  const broken = openTableView(path);
  expect(broken.ok ? '' : broken.error.message).toContain('is not a whole Arrow file (100 bytes)');
  const bytes = Buffer.from(tableToIPC(new Table({ x: vectorFromArray([1, 2], new Int32()) }), 'file'));
  bytes.fill(0xff, 40, 90);
  bytes.fill(0x7f, bytes.length - 60, bytes.length - 20);
  writeFileSync(path, bytes);
  const damaged = openTableView(path);
  expect(damaged.ok ? '' : damaged.error.code).toBe('artifact-damaged');
});
