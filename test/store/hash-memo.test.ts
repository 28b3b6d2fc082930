import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../src/store/store.ts';

const folder = mkdtempSync(join(tmpdir(), 'pipe-hash-'));
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function openHashes(root = mkdtempSync(join(tmpdir(), 'pipe-store-'))) {
  const opened = openStore(root, () => {});
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

test('many files are hashed by name, and again when one of them changes', async () => {
  const files = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`f${index}`, join(folder, `f${index}`)]));
  for (const [name, path] of Object.entries(files)) writeFileSync(path, name);
  const { hashes } = openHashes();
  const first = await hashes.digestAll(files);
  expect(first).toEqual(Object.fromEntries(Object.keys(files).map((name) => [name, sha256(name)])));
  writeFileSync(files['f7'] as string, 'other');
  expect(await hashes.digestAll(files)).toEqual({ ...first, f7: sha256('other') });
});

test('a file of the same size and time that was written again is hashed again', () => {
  const path = join(folder, 'same-size');
  const time = new Date('2020-01-01');
  writeFileSync(path, 'aaaa');
  utimesSync(path, time, time);
  const { hashes } = openHashes();
  expect(hashes.digest(path)).toBe(sha256('aaaa'));
  writeFileSync(path, 'bbbb');
  utimesSync(path, time, time);
  expect(hashes.digest(path)).toBe(sha256('bbbb'));
});

test('what was hashed is remembered by the next process, as long as the file is untouched', () => {
  const root = mkdtempSync(join(tmpdir(), 'pipe-store-'));
  const path = join(folder, 'remembered');
  writeFileSync(path, 'x');
  const first = openHashes(root);
  first.hashes.note(path, 'f'.repeat(64));
  first.close();
  // The digest that was noted, not the file's: so the file was not read.
  expect(openHashes(root).hashes.digest(path)).toBe('f'.repeat(64));
});

test("a file that is gone rejects with the system's error", async () => {
  const path = join(folder, 'gone');
  writeFileSync(path, '');
  rmSync(path);
  await expect(openHashes().hashes.digestAll({ gone: path })).rejects.toMatchObject({ code: 'ENOENT' });
});
