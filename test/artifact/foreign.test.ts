import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Field, Float32, Int32, List, Table, tableToIPC, vectorFromArray } from 'apache-arrow';
import { expect, test } from 'vitest';
import { type Artifact, openArtifact } from '../../src/artifact/reader.ts';
import { diffTables } from '../../src/diff/table-diff.ts';

const folder = mkdtempSync(join(tmpdir(), 'pipe-foreign-'));

/** A file as other programs write them: nulls among numbers, two batches, the second without one. */
function foreign(name: string, second: number | null, item: number | null): Artifact {
  const table = new Table({
    id: vectorFromArray([1, 2, 3], new Int32()),
    x: vectorFromArray([1, second, 3], new Int32()),
    list: vectorFromArray([[1, item], [], [2]], new List(new Field('item', new Float32(), true))),
  });
  const path = join(folder, name);
  writeFileSync(path, tableToIPC(new Table([...table.slice(0, 2).batches, ...table.slice(2).batches]), 'file'));
  const opened = openArtifact(path);
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

test('a null among numbers is NaN, not the number that happens to lie behind it', () => {
  const artifact = foreign('nulls.arrow', null, null);
  expect([...artifact.numbers('x')]).toEqual([1, Number.NaN, 3]);
  expect(artifact.lists('list').map((list) => [...list])).toEqual([[1, Number.NaN], [], [2]]);
});

test('a null that became 0 is a difference', () => {
  const before = foreign('before.arrow', null, null);
  expect(diffTables(before, foreign('x.arrow', 0, null)).diff.changed).toBe(1);
  expect(diffTables(before, foreign('list.arrow', null, 0)).diff.columns.map(({ name }) => name)).toEqual(['list']);
});
