import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeArtifact } from '../../src/artifact/writer.ts';
import type { JobRecord } from '../../src/store/record.ts';
import { openStore, type Store } from '../../src/store/store.ts';

function open(root: string): { store: Store; damage: string[] } {
  const damage: string[] = [];
  const opened = openStore(root, (what) => damage.push(what));
  if (!opened.ok) throw new Error(opened.error.message);
  return { store: opened.value, damage };
}

const fingerprint = 'f'.repeat(64);

/** Publishes one small artifact with its record. */
function publish(store: Store): { digest: string; blob: string } {
  const folder = store.workFolder();
  if (!folder.ok) throw new Error(folder.error.message);
  const file = join(folder.value, 'out');
  const written = writeArtifact(file, 'table', {
    columns: [{ name: 'x', kind: 'number', values: Int32Array.of(1, 2) }],
  });
  if (!written.ok) throw new Error(written.error.message);
  const { digest, size, rows } = written.value;
  expect(store.publishBlob(file, digest).ok).toBe(true);
  const record = {
    format: 2,
    fingerprint,
    job: 'make',
    tree: {},
    outputs: { out: { type: 'table', digest, size, rows } },
    seconds: 1,
  } as unknown as JobRecord;
  expect(store.publishRecord(record).ok).toBe(true);
  rmSync(folder.value, { recursive: true });
  return { digest, blob: store.layout.blob(digest) };
}

function fresh(): string {
  return mkdtempSync(join(tmpdir(), 'pipe-store-'));
}

test('what was published is found again, by this process and the next', () => {
  const root = fresh();
  const first = open(root).store;
  const { digest } = publish(first);
  expect(first.find(fingerprint)?.outputs['out']?.digest).toBe(digest);
  first.close();
  expect(open(root).store.find(fingerprint)?.outputs['out']?.digest).toBe(digest);
});

test('a blob that was changed is moved to quarantine, said so, and not used', () => {
  const { store, damage } = open(fresh());
  const { blob } = publish(store);
  const bytes = readFileSync(blob);
  bytes[40] = (bytes[40] as number) ^ 1;
  chmodSync(blob, 0o644);
  writeFileSync(blob, bytes);
  expect(store.find(fingerprint)).toBeUndefined();
  expect(damage).toHaveLength(1);
  expect(existsSync(blob)).toBe(false);
  expect(readdirSync(store.layout.quarantine)).toHaveLength(1);
  publish(store);
  expect(store.find(fingerprint)).toBeDefined();
});

test('a missing blob is a miss', () => {
  const { store } = open(fresh());
  const { blob } = publish(store);
  rmSync(blob);
  expect(store.find(fingerprint)).toBeUndefined();
});

test.each(['', '{', '[]', '{"format":2}', '{"format":1,"fingerprint":"x","outputs":{"a":{}}}'])(
  'a record that reads %s is set aside',
  (text) => {
    const { store, damage } = open(fresh());
    publish(store);
    writeFileSync(store.layout.record(fingerprint), text);
    expect(store.find(fingerprint)).toBeUndefined();
    expect(damage).toHaveLength(1);
  },
);

test('a record cannot name a path outside the store', () => {
  const { store } = open(fresh());
  publish(store);
  const record = JSON.parse(readFileSync(store.layout.record(fingerprint), 'utf8')) as {
    outputs: Record<string, { digest: string }>;
  };
  (record.outputs['out'] as { digest: string }).digest = '../../../../etc/passwd';
  writeFileSync(store.layout.record(fingerprint), JSON.stringify(record));
  expect(store.find(fingerprint)).toBeUndefined();
});

test('of an evicted record it is known what was made, until it is made again', () => {
  const { store } = open(fresh());
  const { blob } = publish(store);
  const record = store.find(fingerprint) as JobRecord;
  store.publishRecord({ ...record, evicted: true });
  expect(store.find(fingerprint)?.evicted).toBeUndefined();
  rmSync(blob);
  expect(store.find(fingerprint)).toMatchObject({ evicted: true, outputs: record.outputs });
  publish(store);
  expect(store.find(fingerprint)?.evicted).toBeUndefined();
});

test('a store in an impossible place is a failure that says what to do', () => {
  expect(openStore('/proc/no-store', () => {})).toMatchObject({
    ok: false,
    error: { hint: expect.stringContaining('--store') },
  });
});
