import { type FileHandle, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { type Failure, failure } from '../errors/failure.ts';

export interface DownloadProgress {
  /** Bytes on the disk so far, those of an earlier start included. */
  readonly received: number;
  /** Bytes of the whole file, undefined when the server does not say. */
  readonly total: number | undefined;
}

export interface DownloadOptions {
  readonly url: string;
  readonly destination: string;
  /** Lower-case hexadecimal digests of the whole file. */
  readonly sha256?: string;
  readonly md5?: string;
  /** Bytes of the whole file. A server that announces or sends another number is refused. */
  readonly size?: number;
  readonly onProgress?: (progress: DownloadProgress) => void;
  readonly signal: AbortSignal;
  /** Milliseconds without a byte after which a connection counts as dead (default 60,000). */
  readonly stall?: number;
  /** Tries in a row that bring nothing before the download fails (default 5). */
  readonly attempts?: number;
  /** Milliseconds before the second try, doubled for each further one (default 1,000). */
  readonly retryDelay?: number;
}

/** The URL without credentials and query, for messages. */
export function shownUrl(url: string): string {
  if (!URL.canParse(url)) return url;
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

/** How one request ended: `again` may be tried again, `failed` may not. */
export type Attempt =
  | { readonly type: 'complete' }
  | { readonly type: 'again'; readonly reason: string }
  | { readonly type: 'failed'; readonly failure: Failure };

/** An error of the network or of the server, told apart from those of the disk. */
class NetworkError extends Error {}

const again = (reason: string): Attempt => ({ type: 'again', reason });
const failed = (problem: Failure): Attempt => ({ type: 'failed', failure: problem });

/** What is kept beside a part: which version of the file its bytes are from. */
interface PartNote {
  readonly validator: string | undefined;
}

async function readNote(part: string): Promise<PartNote> {
  try {
    const note: unknown = JSON.parse(await readFile(`${part}.json`, 'utf8'));
    const validator = (note as { validator?: unknown } | null)?.validator;
    return { validator: typeof validator === 'string' ? validator : undefined };
  } catch {
    return { validator: undefined };
  }
}

/** A weak entity tag does not promise equal bytes (RFC 9110, 8.8.1), so it cannot guard a range. */
function validatorOf(response: Response): string | undefined {
  const tag = response.headers.get('etag');
  if (tag !== null && !tag.startsWith('W/')) return tag;
  return response.headers.get('last-modified') ?? undefined;
}

/** Bytes of a part on the disk, 0 when there is none. */
export async function partSize(part: string): Promise<number> {
  try {
    return (await stat(part)).size;
  } catch {
    return 0;
  }
}

/** The headers that ask for the bytes from `offset` on, or none when a resumed file could not be trusted. */
async function rangeHeaders(options: DownloadOptions, part: string): Promise<Headers> {
  // A compressed transfer would make byte ranges and sizes mean something else.
  const headers = new Headers({ 'accept-encoding': 'identity' });
  const offset = await partSize(part);
  if (offset === 0) return headers;
  const { validator } = await readNote(part);
  const verified = options.sha256 !== undefined || options.md5 !== undefined;
  if (validator === undefined && !verified) return headers;
  headers.set('range', `bytes=${offset}-`);
  if (validator !== undefined) headers.set('if-range', validator);
  return headers;
}

/** Aborts when the caller does, or when no byte has come for `stall` milliseconds. */
function createDeadline(options: DownloadOptions): { signal: AbortSignal; touch: () => void; stop: () => void } {
  const controller = new AbortController();
  const stall = options.stall ?? 60_000;
  const expire = () => controller.abort(new NetworkError(`no data for ${stall / 1000} s`));
  let timer = setTimeout(expire, stall);
  return {
    signal: AbortSignal.any([options.signal, controller.signal]),
    touch: () => {
      clearTimeout(timer);
      timer = setTimeout(expire, stall);
    },
    stop: () => clearTimeout(timer),
  };
}

function reasonOf(problem: unknown): string {
  if (!(problem instanceof Error)) return String(problem);
  const cause = problem.cause;
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error) return cause.errors[0].message;
  return cause instanceof Error && cause.message !== '' ? cause.message : problem.message;
}

/** First byte and whole size of an answer; undefined when its Content-Range makes no sense. */
function extentOf(response: Response): { start: number; total: number | undefined } | undefined {
  if (response.status === 206) {
    const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
    if (range === null) return undefined;
    return { start: Number(range[1]), total: range[3] === '*' ? undefined : Number(range[3]) };
  }
  const length = response.headers.get('content-length');
  const encoded = response.headers.get('content-encoding') ?? 'identity';
  return { start: 0, total: length === null || encoded !== 'identity' ? undefined : Number(length) };
}

/** Sorts an answer that brings no usable bytes; undefined means: read the body. */
async function refusal(response: Response, options: DownloadOptions, part: string): Promise<Attempt | undefined> {
  const { status } = response;
  if (status === 200 || status === 206) return undefined;
  if (status === 416) {
    const total = /^bytes \*\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1];
    if (total !== undefined && Number(total) === (await partSize(part))) return { type: 'complete' };
    await rm(part, { force: true });
    return again('the server no longer has the range that was asked for');
  }
  if (status === 408 || status === 429 || status >= 500) return again(`the server answered ${status}`);
  return failed(
    failure(
      'download-status',
      `cannot download ${shownUrl(options.url)}: the server answered ${status} ${response.statusText}`.trimEnd(),
    ),
  );
}

/** Appends the body to the part, never past the announced end. */
async function writeBody(
  body: AsyncIterable<Uint8Array>,
  file: FileHandle,
  place: { start: number; total: number | undefined },
  options: DownloadOptions,
  touch: () => void,
): Promise<number> {
  let received = place.start;
  for await (const chunk of networkErrors(body)) {
    touch();
    if (place.total !== undefined && received + chunk.byteLength > place.total) {
      throw new NetworkError(`the server sends more than the ${place.total} bytes that it announced`);
    }
    let written = 0;
    while (written < chunk.byteLength) {
      written += (await file.write(chunk, written, chunk.byteLength - written, received + written)).bytesWritten;
    }
    received += chunk.byteLength;
    options.onProgress?.({ received, total: place.total });
  }
  return received;
}

/** Marks what goes wrong while reading as the network's, so that a full disk is not taken for a lost connection. */
async function* networkErrors(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (problem) {
    throw new NetworkError(reasonOf(problem));
  }
}

async function receive(
  response: Response,
  options: DownloadOptions,
  part: string,
  touch: () => void,
): Promise<Attempt> {
  const extent = extentOf(response);
  if (extent === undefined) return again('the server sent a range that makes no sense');
  if (extent.start !== 0 && extent.start !== (await partSize(part))) {
    await rm(part, { force: true });
    return again('the server sent another range than was asked for');
  }
  const total = extent.total ?? options.size;
  if (options.size !== undefined && total !== options.size) {
    return failed(failure('download-size', `${shownUrl(options.url)} has ${total} bytes, expected ${options.size}`));
  }
  await writeFile(`${part}.json`, JSON.stringify({ validator: validatorOf(response) }));
  const file = await open(part, extent.start === 0 ? 'w' : 'r+');
  try {
    options.onProgress?.({ received: extent.start, total });
    const body = (response.body ?? []) as AsyncIterable<Uint8Array>;
    const received = await writeBody(body, file, { start: extent.start, total }, options, touch);
    if (total === undefined || received === total) return { type: 'complete' };
    return again(`the connection ended after ${received} of ${total} bytes`);
  } finally {
    await file.close();
  }
}

/** One request for what is missing of the part; network trouble is an answer, trouble of the disk is thrown. */
export async function fetchOnce(options: DownloadOptions, part: string): Promise<Attempt> {
  options.signal.throwIfAborted();
  if (!/^https?:/.test(options.url) || !URL.canParse(options.url)) {
    return failed(failure('download-url', `cannot download "${options.url}": not an http or https address`));
  }
  const headers = await rangeHeaders(options, part);
  const deadline = createDeadline(options);
  try {
    let response: Response;
    try {
      response = await fetch(options.url, { headers, signal: deadline.signal, redirect: 'follow' });
    } catch (problem) {
      options.signal.throwIfAborted();
      return again(reasonOf(problem));
    }
    deadline.touch();
    const refused = await refusal(response, options, part);
    if (refused !== undefined) {
      await response.body?.cancel();
      return refused;
    }
    return await receive(response, options, part, deadline.touch);
  } catch (problem) {
    options.signal.throwIfAborted();
    if (!(problem instanceof NetworkError)) throw problem;
    return again(problem.message);
  } finally {
    deadline.stop();
  }
}
