import { createReadStream, createWriteStream } from 'node:fs';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { failure } from '../errors/failure.ts';
import { isDiskError, systemFailure } from '../errors/system.ts';
import { err, ok, type Result } from '../util/result.ts';
import type { RemoteSettings } from './remote.ts';

/** One request. A body is sent with its length: S3 refuses chunks of unknown number. */
export interface Exchange {
  readonly method: 'GET' | 'PUT' | 'HEAD';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: { readonly file: string; readonly size: number } | Uint8Array;
  /** Where the body of a good answer goes; without it, it is read into memory, up to a limit. */
  readonly toFile?: { readonly path: string; readonly limit: number };
}

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

const usualPatience = 30_000;
const usualPause = 500;
const tries = 3;
/** Of what is read into memory: records, code closures, messages. */
const largestBody = 64 * 1024 * 1024;

/** Codes of a disk that cannot take what comes: trying again would not help. */
const localTroubles = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EACCES', 'EFBIG', 'EMFILE']);

/** Lets so many bytes through, and breaks off where more come: nobody fills the disk with what was not asked for. */
function bounded(limit: number): Transform {
  let size = 0;
  return new Transform({
    transform: (chunk: Buffer, _, done) => {
      size += chunk.length;
      if (size > limit) done(new Error(`it sends more than the ${limit} bytes that were asked for`));
      else done(null, chunk);
    },
  });
}

/** A server that cannot answer now may in a moment; 409 is S3's for two that write one key at once. */
function isPassing(status: number): boolean {
  return status >= 500 || status === 429 || status === 408 || status === 409;
}

/**
 * Sends a request and reads the answer, streaming files. Broken connections and answers that say "not now" are tried three
 * times, with growing pauses. Errors: no connection, silence, a full disk; a status is no error here.
 */
export async function exchange(what: Exchange, settings: RemoteSettings): Promise<Result<Answer>> {
  const { signal, pause = usualPause } = settings;
  const place = what.url.host;
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await once(what, settings);
      if (!isPassing(answer.status) || attempt === tries) return ok(answer);
    } catch (problem) {
      if (signal.aborted) return err(failure('interrupted', 'the transfer was interrupted'));
      if (what.toFile !== undefined && isDiskError(problem) && localTroubles.has(problem.code))
        return err(systemFailure('cannot write what the remote sent', problem));
      if (attempt === tries) {
        const { message, code } = problem as { message: string; code?: string };
        const hint = 'check the address, and that the server runs and can be reached from here';
        return err(
          failure('remote-unreachable', `${place} cannot be used: ${message || code || 'no answer'}`, { hint }),
        );
      }
    }
    try {
      await delay(pause * 4 ** (attempt - 1), undefined, { signal });
    } catch {
      return err(failure('interrupted', 'the transfer was interrupted'));
    }
  }
}

async function once(what: Exchange, { signal, patience = usualPatience }: RemoteSettings): Promise<Answer> {
  const { method, url, headers, body, toFile } = what;
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  const length = body === undefined ? undefined : body instanceof Uint8Array ? body.length : body.size;
  const request = send(url, {
    method,
    headers: { ...headers, ...(length === undefined ? {} : { 'content-length': String(length) }) },
    signal,
    timeout: patience,
  });
  request.on('timeout', () => request.destroy(new Error(`no answer for ${Math.round(patience / 1000)} s`)));
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    request.on('response', resolve);
    request.on('error', reject);
  });
  // A server may refuse before it has read all: then its answer counts, not the broken upload.
  const sent =
    body === undefined || body instanceof Uint8Array
      ? request.end(body)
      : pipeline(createReadStream(body.file), request);
  if (sent instanceof Promise) sent.catch(() => {});
  const response = await answered;
  const status = response.statusCode ?? 0;
  if (toFile !== undefined && status === 200) {
    await pipeline(response, bounded(toFile.limit), createWriteStream(toFile.path, { flush: true }));
    if (!response.complete) throw new Error('the connection broke off');
    return { status, body: Buffer.alloc(0) };
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    size += (chunk as Buffer).length;
    if (size > largestBody) throw new Error('the answer is too long');
    chunks.push(chunk as Buffer);
  }
  return { status, body: Buffer.concat(chunks) };
}

/** The failure of a status that says no. */
export function refused(doing: string, place: string, { status, body }: Answer) {
  const said = body
    .toString('utf8')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 200);
  const hint =
    status === 401 || status === 403
      ? 'check the credentials'
      : status === 404
        ? 'check the address: there is no such place'
        : status === 507 || status === 413
          ? 'the remote has no room for it'
          : undefined;
  return failure('remote-refused', `${doing}: ${place} answered ${status}${said === '' ? '' : ` (${said})`}`, { hint });
}
