import { mkdirSync, mkdtempSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { collectOutput } from '../../src/command/collect-output.ts';
import { safeFileName } from '../../src/command/file-name.ts';

const fresh = (): string => mkdtempSync(join(tmpdir(), 'pipe-output-'));

test('all files below the folder become rows, sorted by name', () => {
  const folder = fresh();
  mkdirSync(join(folder, 'sub/deep'), { recursive: true });
  writeFileSync(join(folder, 'z.csv'), 'z');
  writeFileSync(join(folder, 'sub/deep/a.json'), '{}');
  const collected = collectOutput(folder);
  expect(collected.ok && collected.value.columns.map(({ values }) => [...values].map(String))).toEqual([
    ['sub/deep/a.json', 'z.csv'],
    ['application/json', 'text/csv'],
    ['{}', 'z'],
  ]);
});

test('a program that writes nothing gives no rows', () => {
  const collected = collectOutput(fresh());
  expect(collected.ok && collected.value.columns[0]?.values).toEqual([]);
});

test('a link is refused: what it leads to is not in the artifact', () => {
  const folder = fresh();
  symlinkSync('/etc/passwd', join(folder, 'x'));
  expect(collectOutput(folder)).toMatchObject({ ok: false, error: { message: expect.stringContaining('"x"') } });
});

test('a file that is too large for a row is refused before it is read', () => {
  const folder = fresh();
  writeFileSync(join(folder, 'large'), '');
  truncateSync(join(folder, 'large'), 2 ** 31);
  expect(collectOutput(folder)).toMatchObject({ ok: false, error: { message: expect.stringContaining('2 GiB') } });
});

test('a name that is not UTF-8, and an output folder that is gone, are told', () => {
  const folder = fresh();
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff])]), 'x');
  expect(collectOutput(folder)).toMatchObject({ ok: false, error: { hint: expect.stringContaining('UTF-8') } });
  expect(collectOutput(join(folder, 'gone'))).toMatchObject({ ok: false, error: { code: 'system-enoent' } });
});

test.each(['../x', '/x', 'a/../b', 'a//b', '', '.', 'a\\b', 'a\nb', 'a/'])('%j is no name to write to', (name) => {
  expect(safeFileName(name)).toBe(false);
});
