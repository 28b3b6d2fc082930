import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { createFile } from '../../src/store/durable.ts';
import type { JobRecord } from '../../src/store/record.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { sha256 } from '../../src/util/sha256.ts';

let folder: string;
let store: Store;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pipe-first-'));
  const opened = openStore(join(folder, 'store'), () => {});
  if (!opened.ok) throw new Error(opened.error.message);
  store = opened.value;
});

/** Two runs of a job that measures times: the same fingerprint, other bytes. */
function made(content: string): JobRecord {
  const file = join(folder, 'output');
  writeFileSync(file, content);
  const digest = sha256(content);
  store.publishBlob(file, digest);
  return {
    format: 2,
    fingerprint: sha256('job'),
    tree: {} as never,
    job: 'evaluate',
    outputs: { timings: { type: 'timings', digest, size: content.length, rows: 1 } },
    seconds: 1,
    exclusive: true,
    finished: '',
    run: content,
    host: { name: 'n1', cpu: '', node: '' },
    log: '',
  };
}

test('of two results of one job the first stays, and the second is told of it', () => {
  const first = store.publishFirstRecord(made('first'));
  const second = store.publishFirstRecord(made('second'));
  expect([first.ok && first.value.run, second.ok && second.value.run]).toEqual(['first', 'first']);
  expect(store.find(sha256('job'))?.run).toBe('first');
});

test('a first result whose artifact is gone or was removed to save space gives way', () => {
  const first = made('first');
  store.publishFirstRecord(first);
  store.publishRecord({
    ...first,
    evicted: true,
    outputs: { timings: { ...first.outputs['timings'], digest: sha256('x') } as never },
  });
  const second = store.publishFirstRecord(made('second'));
  expect(second.ok && second.value.run).toBe('second');
});

const refusing = (code: string) => (): void => {
  throw Object.assign(new Error(code), { code });
};

test.each(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])(
  'a file system without hard links (%s) serves too, and still keeps what is there',
  (code) => {
    const path = join(folder, 'record');
    expect(createFile(path, 'first', join(folder, 'temporary'), refusing(code))).toBe(true);
    expect(createFile(path, 'second', join(folder, 'temporary'), refusing(code))).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe('first');
    expect(existsSync(join(folder, 'temporary'))).toBe(false);
  },
);

test('with hard links, of two that write at once one wins', () => {
  const path = join(folder, 'record');
  expect(createFile(path, 'first', join(folder, 'one'))).toBe(true);
  expect(createFile(path, 'second', join(folder, 'two'))).toBe(false);
  expect(readFileSync(path, 'utf8')).toBe('first');
  expect(() => createFile(join(folder, 'other'), 'x', join(folder, 'three'), refusing('EIO'))).toThrow('EIO');
});
