import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DownloadOptions, download } from '../../src/util/download.ts';

const content = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 31) % 251));
const sha256 = createHash('sha256').update(content).digest('hex');
const md5 = createHash('md5').update(content).digest('hex');

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

let folder: string;
let server: Server | undefined;
let ranges: (string | undefined)[];

async function serve(handler: Handler): Promise<string> {
  const started = createServer((request, response) => {
    ranges.push(request.headers.range);
    handler(request, response);
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}/file.whl?token=secret`;
}

/** Answers ranges as a good server does. */
const rangeServer: Handler = (request, response) => {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const same = request.headers['if-range'] === undefined || request.headers['if-range'] === '"v1"';
  if (start > 0 && same) {
    if (start >= content.length) {
      response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
      return;
    }
    response.writeHead(206, {
      etag: '"v1"',
      'content-length': content.length - start,
      'content-range': `bytes ${start}-${content.length - 1}/${content.length}`,
    });
    response.end(content.subarray(start));
    return;
  }
  response.writeHead(200, { etag: '"v1"', 'content-length': content.length }).end(content);
};

const get = (url: string, more: Partial<DownloadOptions> = {}) =>
  download({
    url,
    destination: path.join(folder, 'out', 'file.whl'),
    signal: new AbortController().signal,
    retryDelay: 1,
    ...more,
  });

const destination = () => path.join(folder, 'out', 'file.whl');
const isWhole = async () => content.equals(await readFile(destination()));
const codeOf = (result: Awaited<ReturnType<typeof download>>) => (result.ok ? 'ok' : result.error.code);

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'pipe-download-'));
  ranges = [];
});

afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  await rm(folder, { recursive: true, force: true });
});

describe('download', () => {
  it('saves the file, checks its digests and tells how far it is', async () => {
    const url = await serve(rangeServer);
    const seen: number[] = [];
    const result = await get(url, {
      sha256,
      md5,
      size: content.length,
      onProgress: ({ received, total }) => {
        seen.push(received);
        expect(total).toBe(content.length);
      },
    });
    expect(result).toEqual({ ok: true, value: undefined });
    expect(await isWhole()).toBe(true);
    expect(seen.at(-1)).toBe(content.length);
    expect(existsSync(`${destination()}.part`)).toBe(false);
    expect(existsSync(`${destination()}.part.json`)).toBe(false);
  });

  it('goes on where a lost connection ended', async () => {
    let broken: ServerResponse | undefined;
    const url = await serve((request, response) => {
      if (broken !== undefined) return rangeServer(request, response);
      broken = response;
      response.writeHead(200, { etag: '"v1"', 'content-length': content.length });
      response.write(content.subarray(0, 40_000));
    });
    const result = await get(url, {
      sha256,
      onProgress: ({ received }) => {
        if (received >= 40_000) broken?.destroy();
      },
    });
    expect(codeOf(result)).toBe('ok');
    expect(ranges).toEqual([undefined, 'bytes=40000-']);
    expect(await isWhole()).toBe(true);
  });

  it('goes on with the part that a killed process left', async () => {
    const url = await serve(rangeServer);
    await get(url);
    await rm(destination());
    await writeFile(`${destination()}.part`, content.subarray(0, 70_000));
    await writeFile(`${destination()}.part.json`, '{"validator":"\\"v1\\""}');
    expect(codeOf(await get(url))).toBe('ok');
    expect(ranges).toEqual([undefined, 'bytes=70000-']);
    expect(await isWhole()).toBe(true);
  });

  it('accepts a part that was already whole', async () => {
    const url = await serve(rangeServer);
    await get(url);
    await rm(destination());
    await writeFile(`${destination()}.part`, content);
    expect(codeOf(await get(url, { sha256 }))).toBe('ok');
    expect(ranges[1]).toBe('bytes=100000-');
  });

  it('starts anew when the file on the server is another one now', async () => {
    const url = await serve(rangeServer);
    await get(url);
    await rm(destination());
    await writeFile(`${destination()}.part`, Buffer.alloc(70_000));
    await writeFile(`${destination()}.part.json`, '{"validator":"\\"v0\\""}');
    expect(codeOf(await get(url))).toBe('ok');
    expect(await isWhole()).toBe(true);
  });

  it('starts anew at a server that ignores ranges', async () => {
    const url = await serve((_, response) =>
      response.writeHead(200, { 'content-length': content.length }).end(content),
    );
    await get(url);
    await writeFile(`${destination()}.part`, Buffer.alloc(70_000));
    expect(codeOf(await get(url, { sha256 }))).toBe('ok');
    expect(await isWhole()).toBe(true);
  });

  it('does not trust an unverifiable part', async () => {
    const url = await serve((_, response) => response.writeHead(200).end(content));
    await get(url);
    await rm(destination());
    await writeFile(`${destination()}.part`, Buffer.alloc(70_000));
    expect(codeOf(await get(url))).toBe('ok');
    expect(ranges[1]).toBeUndefined();
    expect(await isWhole()).toBe(true);
  });

  it('tries again when the server is busy, and then succeeds', async () => {
    let calls = 0;
    const url = await serve((request, response) => {
      calls++;
      if (calls < 3) response.writeHead(503).end();
      else rangeServer(request, response);
    });
    expect(codeOf(await get(url))).toBe('ok');
  });

  it('gives up after some tries, with the reason and without the secrets of the address', async () => {
    const url = await serve((_, response) => response.writeHead(503).end());
    const result = await get(url, { attempts: 3 });
    expect(ranges).toHaveLength(3);
    expect(result.ok ? '' : result.error.message).toMatch(
      /^cannot download http:\/\/127\.0\.0\.1:\d+\/file\.whl: the server answered 503 \(3 tries in a row\)$/,
    );
  });

  it('does not go on for ever with a server that always breaks off at the same byte', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, 10_000), () => setImmediate(() => response.destroy()));
    });
    expect(codeOf(await get(url, { attempts: 3 }))).toBe('download-network');
  });

  it('does not ask again for a file that is not there', async () => {
    const url = await serve((_, response) => response.writeHead(404).end());
    expect(codeOf(await get(url))).toBe('download-status');
    expect(ranges).toHaveLength(1);
  });

  it('deletes a file of a wrong checksum and tells both digests', async () => {
    const url = await serve(rangeServer);
    const expected = 'a'.repeat(64);
    const result = await get(url, { sha256: expected });
    expect(codeOf(result)).toBe('download-checksum');
    expect(result.ok ? '' : result.error.detail).toBe(`expected ${expected}\ngot      ${sha256}`);
    expect(existsSync(destination())).toBe(false);
    expect(existsSync(`${destination()}.part`)).toBe(false);
  });

  it('refuses a file of another size before it downloads it', async () => {
    const url = await serve(rangeServer);
    expect(codeOf(await get(url, { size: 5 }))).toBe('download-size');
  });

  it('gives up on a connection that brings nothing any more', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, 10));
    });
    const result = await get(url, { stall: 50, attempts: 1 });
    expect(result.ok ? '' : result.error.message).toContain('no data for 0.05 s');
  });

  it('stops at once on an interrupt and keeps the part', async () => {
    const interrupt = new AbortController();
    const url = await serve((_, response) => {
      response.writeHead(200, { etag: '"v1"', 'content-length': content.length });
      response.write(content.subarray(0, 10_000));
    });
    const result = await get(url, {
      signal: interrupt.signal,
      onProgress: ({ received }) => {
        if (received > 0) interrupt.abort();
      },
    });
    expect(codeOf(result)).toBe('interrupted');
    expect(existsSync(`${destination()}.part`)).toBe(true);
  });

  it('says that an address is not one', async () => {
    expect(codeOf(await get('file:///etc/passwd'))).toBe('download-url');
  });

  it('names the disk when the folder cannot be written', async () => {
    const url = await serve(rangeServer);
    await writeFile(path.join(folder, 'taken'), '');
    const result = await get(url, { destination: path.join(folder, 'taken', 'file') });
    expect(codeOf(result)).toMatch(/^system-/);
  });
});
