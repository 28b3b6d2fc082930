import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { writeArtifact } from '../../src/artifact/writer.ts';
import { type FingerprintTree, fingerprintOf } from '../../src/fingerprint/fingerprint.ts';
import { fetchRecord } from '../../src/remote/pull.ts';
import { pushRecords } from '../../src/remote/push.ts';
import { openRemote, type Remote } from '../../src/remote/remote.ts';
import type { JobRecord } from '../../src/store/record.ts';
import { openStore, type Store } from '../../src/store/store.ts';

const fresh = (): string => mkdtempSync(join(tmpdir(), 'pipe-remote-'));
const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');
const closureText = '{"modules":{},"packages":{}}';

function emptyStore(): Store {
  const opened = openStore(fresh(), () => {});
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

/** A store with one record, its artifact and its code. */
function filledStore(): { store: Store; fingerprint: string; digest: string } {
  const store = emptyStore();
  const file = store.leases.temporaryName('test');
  const written = writeArtifact(file, 'table', {
    columns: [{ name: 'x', kind: 'number', values: Int32Array.of(1, 2, 3) }],
  });
  if (!written.ok) throw new Error(written.error.message);
  const { digest, size, rows } = written.value;
  const tree = { format: 2, code: sha256(closureText), params: { a: 1 } } as unknown as FingerprintTree;
  const fingerprint = fingerprintOf(tree);
  store.publishBlob(file, digest);
  store.publishClosure(closureText, sha256(closureText));
  store.publishRecord({
    format: 2,
    fingerprint,
    tree,
    job: 'make',
    seconds: 1,
    outputs: { out: { type: 'table', digest, size, rows } },
  } as unknown as JobRecord);
  return { store, fingerprint, digest };
}

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((listening) => server?.listen(0, '127.0.0.1', listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A cache that keeps what it is given; `spoil` may answer instead. */
function keeping(
  spoil: (method: string, path: string) => number | Buffer | 'hang' | 'break' | undefined = () => undefined,
) {
  const kept = new Map<string, Buffer>();
  const asked: string[] = [];
  const listener: RequestListener = (request, response) => {
    const [method = '', path = ''] = [request.method, request.url];
    asked.push(`${method} ${path}`);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const instead = spoil(method, path);
      if (instead === 'hang') return;
      if (instead === 'break') {
        response.writeHead(200, { 'content-length': '1000' }).write('begin');
        setImmediate(() => request.socket.destroy());
      } else if (Buffer.isBuffer(instead)) response.writeHead(200).end(instead);
      else if (instead !== undefined) response.writeHead(instead).end('no');
      else if (method === 'PUT') {
        kept.set(path, Buffer.concat(chunks));
        response.writeHead(200).end();
      } else if (kept.has(path)) response.writeHead(200).end(method === 'HEAD' ? undefined : kept.get(path));
      else response.writeHead(404).end();
    });
  };
  return { kept, asked, listener };
}

const quick = { signal: new AbortController().signal, patience: 200, pause: 1 };

async function open(address: string, env: Record<string, string> = {}): Promise<Remote> {
  const remote = await openRemote(address, { env, ...quick });
  if (!remote.ok) throw new Error(remote.error.message);
  return remote.value;
}

const aws = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };

/** A remote of each kind, made anew. */
const kinds: [string, () => Promise<Remote>][] = [
  ['a folder', () => open(fresh())],
  ["Bazel's protocol", async () => open(await serve(keeping().listener))],
  ['S3', async () => open('s3://bucket/some/prefix', { ...aws, AWS_ENDPOINT_URL: await serve(keeping().listener) })],
];

test.each(kinds)('by %s, what one store pushes another one pulls, and nothing goes twice', async (_, make) => {
  const { store, fingerprint, digest } = filledStore();
  const remote = await make();
  expect(await pushRecords(store, remote, [fingerprint])).toMatchObject({
    ok: true,
    value: { records: 1, blobs: 2, skipped: 0 },
  });
  expect(await pushRecords(store, remote, [fingerprint])).toMatchObject({
    ok: true,
    value: { records: 1, blobs: 0, bytes: 0 },
  });
  const other = emptyStore();
  expect(await fetchRecord(other, remote, 'e'.repeat(64))).toEqual({ ok: true, value: undefined });
  expect((await fetchRecord(other, remote, fingerprint)).ok).toBe(true);
  expect(other.find(fingerprint)).toEqual(store.find(fingerprint));
  expect(readFileSync(other.layout.blob(digest))).toEqual(readFileSync(store.layout.blob(digest)));
  expect(other.readClosure(sha256(closureText))).toBe(closureText);
  expect(readdirSync(other.layout.temporary)).toEqual([]);
});

test('a record whose artifacts are gone is skipped and counted', async () => {
  const { store, fingerprint } = filledStore();
  store.publishRecord({ ...(store.find(fingerprint) as JobRecord), evicted: true });
  const blob = store.layout.blob(store.readRecord(fingerprint)?.outputs['out']?.digest ?? '');
  writeFileSync(`${blob}.x`, '');
  const remote = await open(fresh());
  expect(await pushRecords(store, remote, [fingerprint, 'e'.repeat(64)])).toMatchObject({
    ok: true,
    value: { skipped: 1 },
  });
});

test.each<[string, Parameters<typeof keeping>[0], string]>([
  [
    'sends other bytes',
    (method, path) => (method === 'GET' && path.includes('/cas/') ? Buffer.from('{}') : undefined),
    'not of this job',
  ],
  ['breaks off', (method, path) => (method === 'GET' && path.includes('/ac/') ? 'break' : undefined), 'cannot be used'],
  ['says nothing', (method) => (method === 'GET' ? 'hang' : undefined), 'no answer for 0 s'],
  ['is not allowed', (method) => (method === 'GET' ? 403 : undefined), 'answered 403'],
  ['is broken', (method) => (method === 'GET' ? 500 : undefined), 'answered 500'],
  [
    'has something else there',
    (method, path) => (method === 'GET' && path.includes('/ac/') ? Buffer.from([0x17]) : undefined),
    'pipe did not write',
  ],
])('a server that %s is told in words, and nothing of it is kept', async (_, spoil, message) => {
  const { store, fingerprint } = filledStore();
  const remote = await open(await serve(keeping(spoil).listener));
  await pushRecords(store, remote, [fingerprint]);
  const other = emptyStore();
  expect(await fetchRecord(other, remote, fingerprint)).toMatchObject({
    ok: false,
    error: { message: expect.stringContaining(message) },
  });
  expect(other.find(fingerprint)).toBeUndefined();
  expect(readdirSync(other.layout.temporary)).toEqual([]);
});

test('an artifact with other bytes than its digest is refused', async () => {
  const { store, fingerprint, digest } = filledStore();
  const folder = fresh();
  const remote = await open(folder);
  await pushRecords(store, remote, [fingerprint]);
  writeFileSync(join(folder, 'cas', digest.slice(0, 2), digest), 'damaged');
  const other = emptyStore();
  expect(await fetchRecord(other, remote, fingerprint)).toMatchObject({ ok: false, error: { code: 'remote-damaged' } });
  expect(readdirSync(other.layout.blobs)).toEqual([]);
});

test('a record of another job under a fingerprint is refused', async () => {
  const { store, fingerprint } = filledStore();
  const folder = fresh();
  const remote = await open(folder);
  await pushRecords(store, remote, [fingerprint]);
  const path = join(folder, 'records', fingerprint.slice(0, 2), fingerprint);
  const record = JSON.parse(readFileSync(path, 'utf8')) as { tree: { params: object } };
  record.tree.params = { a: 2 };
  writeFileSync(path, JSON.stringify(record));
  expect(await fetchRecord(emptyStore(), remote, fingerprint)).toMatchObject({
    ok: false,
    error: { code: 'remote-damaged' },
  });
});

test('a server that is busy for a moment is asked again', async () => {
  const { store, fingerprint } = filledStore();
  let busy = 2;
  const cache = keeping((method) => (method === 'PUT' && busy-- > 0 ? 503 : undefined));
  const remote = await open(await serve(cache.listener));
  expect(await pushRecords(store, remote, [fingerprint])).toMatchObject({ ok: true, value: { records: 1 } });
});

test('credentials of an address are sent, and shown nowhere', async () => {
  const seen: (string | undefined)[] = [];
  const address = await serve((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(401).end();
  });
  const remote = await open(address.replace('//', '//me:secret@'));
  const answer = await remote.getRecord('e'.repeat(64));
  expect(seen[0]).toBe(`Basic ${Buffer.from('me:secret').toString('base64')}`);
  expect(JSON.stringify([answer, remote.name])).not.toContain('secret');
  expect(answer).toMatchObject({ ok: false, error: { hint: 'check the credentials' } });
});

test('a server that sends more than was asked for is broken off', async () => {
  const { store, fingerprint } = filledStore();
  const large = Buffer.alloc(5_000_000);
  const { store: _, digest } = filledStore();
  const cache = keeping((method, path) => (method === 'GET' && path.endsWith(digest) ? large : undefined));
  const remote = await open(await serve(cache.listener));
  await pushRecords(store, remote, [fingerprint]);
  const other = emptyStore();
  expect(await fetchRecord(other, remote, fingerprint)).toMatchObject({
    ok: false,
    error: { message: expect.stringContaining('more than the') },
  });
  expect(readdirSync(other.layout.temporary)).toEqual([]);
});

test('a record with a wrong size does not make a good artifact here look damaged', async () => {
  const { store, fingerprint, digest } = filledStore();
  const folder = fresh();
  const remote = await open(folder);
  await pushRecords(store, remote, [fingerprint]);
  const path = join(folder, 'records', fingerprint.slice(0, 2), fingerprint);
  writeFileSync(path, readFileSync(path, 'utf8').replace(/"size":\d+/, '"size":1'));
  expect(await fetchRecord(store, remote, fingerprint)).toMatchObject({ ok: false, error: { code: 'remote-damaged' } });
  expect(readdirSync(store.layout.quarantine)).toEqual([]);
  expect(store.find(fingerprint)?.outputs['out']?.digest).toBe(digest);
});

test('a password with a plain % in it is taken as it is, and no message shows one', async () => {
  const remote = await openRemote('http://me:100%@127.0.0.1:1', { env: {}, ...quick });
  expect(remote.ok).toBe(true);
  expect(JSON.stringify(await openRemote('ftp://me:secret@host/x', { env: {}, ...quick }))).not.toContain('secret');
});

test.each([
  ['/no/such/folder', 'there is no folder /no/such/folder'],
  ['ftp://x/y', 'no remote that pipe knows'],
  ['s3://', 'names no bucket'],
  ['s3://bucket', 'no credentials for S3'],
])('%s is refused in words', async (address, message) => {
  expect(await openRemote(address, { env: { HOME: fresh() }, ...quick })).toMatchObject({
    ok: false,
    error: { message: expect.stringContaining(message) },
  });
});
