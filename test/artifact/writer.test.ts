import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TableData } from '../../src/artifact/column.ts';
import { openArtifact } from '../../src/artifact/reader.ts';
import { writeArtifact } from '../../src/artifact/writer.ts';

const folder = mkdtempSync(join(tmpdir(), 'pipe-artifact-'));

const table: TableData = {
  metadata: { classes: '["a","b"]', about: 'test' },
  columns: [
    { name: 'id', kind: 'number', values: Int32Array.of(3, 1, 2) },
    { name: 'score', kind: 'number', values: Float64Array.of(0.5, Number.NaN, -0) },
    { name: 'name', kind: 'text', values: ['é', null, ''] },
    { name: 'image', kind: 'tensor', shape: [2, 2], values: Uint8Array.from({ length: 12 }, (_, i) => i) },
    { name: 'weights', kind: 'list', values: [Float32Array.of(1, 2), new Float32Array(), Float32Array.of(3)] },
    { name: 'bytes', kind: 'binary', values: [Buffer.from('x'), Buffer.from(''), Buffer.from('yz')] },
  ],
};

function write(name: string, data: TableData = table) {
  const path = join(folder, name);
  const written = writeArtifact(path, 'table', data);
  if (!written.ok) throw new Error(written.error.message);
  return { path, ...written.value };
}

test('what is written is read back', () => {
  const opened = openArtifact(write('round-trip').path);
  if (!opened.ok) throw new Error(opened.error.message);
  const artifact = opened.value;
  expect(artifact.rows).toBe(3);
  expect(artifact.metadata).toEqual({ about: 'test', classes: '["a","b"]', type: 'table' });
  expect([...artifact.numbers('id')]).toEqual([3, 1, 2]);
  expect([...artifact.numbers('score')]).toEqual([0.5, Number.NaN, -0]);
  expect(artifact.texts('name')).toEqual(['é', null, '']);
  expect([...artifact.tensor('image').row(1)]).toEqual([4, 5, 6, 7]);
  expect([...artifact.tensor('image').gather([2, 0])]).toEqual([8, 9, 10, 11, 0, 1, 2, 3]);
  expect(artifact.lists('weights').map((list) => [...list])).toEqual([[1, 2], [], [3]]);
  expect(artifact.binaries('bytes').map((bytes) => Buffer.from(bytes).toString())).toEqual(['x', '', 'yz']);
});

test('the digest is the SHA-256 of the file, and the same rows give the same bytes', () => {
  const first = write('same-1');
  const reordered = { ...table, metadata: { about: 'test', classes: '["a","b"]' } };
  const second = write('same-2', reordered);
  expect(first.digest).toBe(createHash('sha256').update(readFileSync(first.path)).digest('hex'));
  expect(second.digest).toBe(first.digest);
  expect(write('other', { columns: table.columns }).digest).not.toBe(first.digest);
});

test('rows beyond one record batch are cut and read as one column', () => {
  const rows = 200;
  const values = new Uint8Array(rows * 1024 * 1024).map((_, index) => index >> 20);
  const opened = openArtifact(
    write('large', { columns: [{ name: 'image', kind: 'tensor', shape: [1024, 1024], values }] }).path,
  );
  if (!opened.ok) throw new Error(opened.error.message);
  const image = opened.value.tensor('image');
  expect([image.rows, image.row(0)[0], image.row(127)[9], image.row(128)[0], image.row(199)[5]]).toEqual([
    200, 0, 127, 128, 199,
  ]);
});

test('a truncated file is a failure that names it', () => {
  const { path, size } = write('cut');
  truncateSync(path, size - 5);
  const opened = openArtifact(path);
  expect(opened).toMatchObject({ ok: false, error: { code: 'artifact-damaged' } });
});

test('columns of unequal length are a bug', () => {
  const columns = [table.columns[0], { name: 'x', kind: 'number', values: Int32Array.of(1) }] as TableData['columns'];
  expect(() => writeArtifact(join(folder, 'unequal'), 'table', { columns })).toThrow('has 1 rows');
});
