import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type ArchiveRequest, type OfficialArchive, obtainArchive } from '../../src/data/archive.ts';
import { zipOf } from './zip.ts';

const members = ['train-images-idx3', 'train-labels-idx1', 'test-images-idx3', 'test-labels-idx1'].map(
  (name) => `gzip/emnist-byclass-${name}-ubyte.gz`,
);
const contents = Object.fromEntries(members.map((name) => [name, randomBytes(300_000)]));
const zip = zipOf({ ...contents, 'gzip/emnist-letters-test-images-idx3-ubyte.gz': randomBytes(10) });
const md5 = createHash('md5').update(zip).digest('hex');

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A server on this machine, its address and the requests that it got. */
async function serve(handler: Handler): Promise<{ url: string; requests: string[] }> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.headers.range ?? ''}`.trim());
    handler(request, response);
  });
  servers.push(server);
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening);
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/gzip.zip`, requests };
}

const serveZip: Handler = (request, response) => {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const headers = { etag: '"one"', 'content-length': zip.length - from };
  if (from === 0) response.writeHead(200, headers);
  else response.writeHead(206, { ...headers, 'content-range': `bytes ${from}-${zip.length - 1}/${zip.length}` });
  response.end(request.method === 'HEAD' ? undefined : zip.subarray(from));
};

function archiveAt(url: string): OfficialArchive {
  return { title: 'the archive', url, md5, megabytes: 1, datasets: ['emnist-byclass', 'emnist-letters'] };
}

function requestFor(url: string, more: Partial<ArchiveRequest> = {}): ArchiveRequest {
  return {
    dataset: 'emnist-byclass',
    cache: mkdtempSync(join(tmpdir(), 'pipe-archive-')),
    offline: false,
    refresh: false,
    notice: () => {},
    signal: new AbortController().signal,
    archive: archiveAt(url),
    ...more,
  };
}

async function outcomeOf(request: ArchiveRequest) {
  const result = await obtainArchive(request);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

test('the members of the data set are downloaded and unpacked once, and then taken from the cache', async () => {
  const { url, requests } = await serve(serveZip);
  const request = requestFor(url);
  const outcome = await outcomeOf(request);
  if (!outcome.usable) throw new Error(outcome.reason);
  expect(readdirSync(outcome.folder).sort()).toEqual(members.map((name) => name.slice('gzip/'.length)).sort());
  for (const name of members) {
    const unpacked = readFileSync(join(outcome.folder, name.slice('gzip/'.length)));
    expect(unpacked.equals(contents[name] ?? Buffer.alloc(0))).toBe(true);
  }
  expect(await outcomeOf(request)).toEqual(outcome);
  expect(requests).toEqual(['HEAD', 'GET']);
});

test('a plan fetches nothing: what a run would fetch is told as that', async () => {
  const { url, requests } = await serve(serveZip);
  const request = requestFor(url);
  expect(await obtainArchive({ ...request, offline: true })).toMatchObject({
    ok: false,
    error: { code: 'not-fetched' },
  });
  expect(requests).toEqual(['HEAD']);
  const outcome = await outcomeOf(request);
  expect(await outcomeOf({ ...request, offline: true })).toEqual(outcome);
});

test('an interrupted download goes on where it was cut off', async () => {
  const half = Math.floor(zip.length / 2);
  const { url, requests } = await serve((request, response) => {
    if (request.method === 'HEAD' || request.headers.range !== undefined) return serveZip(request, response);
    response.writeHead(200, { etag: '"one"', 'content-length': zip.length });
    response.write(zip.subarray(0, half));
  });
  const interruption = new AbortController();
  const cache = mkdtempSync(join(tmpdir(), 'pipe-archive-'));
  const cutOff = await obtainArchive(
    requestFor(url, {
      signal: interruption.signal,
      notice: (line) => {
        if (line.endsWith(' 40 %')) interruption.abort();
      },
      cache,
    }),
  );
  expect(cutOff).toMatchObject({ ok: false, error: { code: 'interrupted' } });
  expect((await outcomeOf(requestFor(url, { cache }))).usable).toBe(true);
  expect(requests).toHaveLength(4);
  expect(requests[3]).toMatch(/^GET bytes=[1-9]\d*-$/);
});

test('a wrong checksum is a failure, not a reason to take other data', async () => {
  const { url } = await serve(serveZip);
  const archive = { ...archiveAt(url), md5: '0'.repeat(32) };
  const result = await obtainArchive(requestFor(url, { archive }));
  expect(result).toMatchObject({ ok: false, error: { code: 'download-checksum' } });
});

test('an archive that lacks the data set is a failure that names the files', async () => {
  const { url } = await serve(serveZip);
  const result = await obtainArchive(requestFor(url, { dataset: 'emnist-letters' }));
  expect(result).toMatchObject({ ok: false, error: { code: 'archive-incomplete' } });
  if (!result.ok) expect(result.error.message).toContain('emnist-letters-train-images-idx3-ubyte.gz');
});

test('a server that cannot be reached is remembered, and asked again only on request', async () => {
  const { url, requests } = await serve(serveZip);
  const gone = await serve(serveZip);
  await new Promise((closed) => servers.pop()?.close(closed));
  const closed = requestFor(gone.url);
  const first = await outcomeOf(closed);
  expect(first).toMatchObject({ usable: false });
  if (!first.usable) expect(first.reason).toContain('ECONNREFUSED');

  const reachableNow = { ...closed, archive: archiveAt(url) };
  const later = await outcomeOf(reachableNow);
  expect(later).toMatchObject({ usable: false });
  if (!later.usable) {
    expect(later.reason).toMatch(
      /^the archive was not reachable on \d{4}-\d\d-\d\d; PIPE_REFRESH_SOURCES=1 looks again$/,
    );
  }
  expect(requests).toEqual([]);

  expect(await outcomeOf({ ...reachableNow, refresh: true })).toMatchObject({ usable: true });
});

test('a server that does not answer in time, or refuses, counts as not reachable', async () => {
  const silent = await serve(() => {});
  const waited = await outcomeOf(requestFor(silent.url, { patience: 30 }));
  if (!waited.usable) expect(waited.reason).toContain('no answer within 0.03 s');
  expect(waited.usable).toBe(false);

  const refusing = await serve((_, response) => response.writeHead(403).end());
  const refused = await outcomeOf(requestFor(refusing.url));
  if (!refused.usable) expect(refused.reason).toContain('the server answered 403');
  expect(refused.usable).toBe(false);
});

test('a data set that the archive does not hold is no reason to ask the server', async () => {
  const { url, requests } = await serve(serveZip);
  const outcome = await outcomeOf(requestFor(url, { dataset: 'mnist' }));
  expect(outcome).toEqual({ usable: false, reason: 'the archive holds emnist-byclass, emnist-letters, not mnist' });
  expect(requests).toEqual([]);
});
