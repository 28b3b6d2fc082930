import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Failure, failure } from '../errors/failure.ts';
import { isSystemError, systemFailure } from '../errors/system.ts';
import { type DownloadOptions, fetchOnce, partSize, shownUrl } from './download-attempt.ts';
import { makeFolder } from './make-folder.ts';
import { err, ok, type Result } from './result.ts';

export type { DownloadOptions, DownloadProgress } from './download-attempt.ts';

async function digestOf(file: string, algorithm: 'sha256' | 'md5', signal: AbortSignal): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20, signal })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Compares a file's size and digests with those asked for; undefined when all agree. */
async function mismatch(file: string, options: DownloadOptions): Promise<Failure | undefined> {
  const what = shownUrl(options.url);
  const size = (await stat(file)).size;
  if (options.size !== undefined && options.size !== size) {
    return failure('download-size', `${what} has ${size} bytes, expected ${options.size}`);
  }
  for (const algorithm of ['sha256', 'md5'] as const) {
    const expected = options[algorithm]?.toLowerCase();
    if (expected === undefined) continue;
    const actual = await digestOf(file, algorithm, options.signal);
    if (actual !== expected) {
      return failure('download-checksum', `${what}: the ${algorithm} checksum is wrong`, {
        detail: `expected ${expected}\ngot      ${actual}`,
        hint: 'the damaged file was deleted; try again, and check the mirror or proxy if it happens again',
      });
    }
  }
  return undefined;
}

/**
 * Tries again after network trouble. A try that got further than any before makes the count start anew, so that
 * a long file over a bad line gets through; a server that always breaks off at the same byte does not go on for ever.
 */
async function fetchAll(options: DownloadOptions, part: string): Promise<Result<void>> {
  const attempts = options.attempts ?? 5;
  let failures = 0;
  let most = await partSize(part);
  for (;;) {
    const attempt = await fetchOnce(options, part);
    if (attempt.type === 'complete') return ok();
    if (attempt.type === 'failed') return err(attempt.failure);
    const size = await partSize(part);
    failures = size > most ? 1 : failures + 1;
    most = Math.max(most, size);
    if (failures >= attempts) {
      return err(
        failure(
          'download-network',
          `cannot download ${shownUrl(options.url)}: ${attempt.reason} (${failures} tries in a row)`,
          {
            hint: 'check the network and the proxy settings; what has arrived is kept, and the next start goes on from there',
          },
        ),
      );
    }
    await delay((options.retryDelay ?? 1000) * 2 ** (failures - 1), undefined, { signal: options.signal });
  }
}

async function publish(options: DownloadOptions, part: string): Promise<Result<void>> {
  const problem = await mismatch(part, options);
  if (problem !== undefined) {
    await rm(part, { force: true });
    await rm(`${part}.json`, { force: true });
    return err(problem);
  }
  const file = await open(part, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(part, options.destination);
  await rm(`${part}.json`, { force: true });
  return ok();
}

/**
 * Downloads a file over HTTP. Bytes gather in `<destination>.part`, so that after a kill or a lost connection
 * the next start asks only for the rest (RFC 9110, section 14, Range and If-Range); the destination appears by
 * a rename once its size and checksums agree. One process at a time may write to a destination: use a lock.
 *
 * Errors: `download-network` (after several tries), `download-status`, `download-size`, `download-checksum`
 * (the part is deleted), `interrupted` (by the signal), and those of the disk.
 */
export async function download(options: DownloadOptions): Promise<Result<void>> {
  const part = `${options.destination}.part`;
  try {
    await makeFolder(path.dirname(options.destination));
    const fetched = await fetchAll(options, part);
    return fetched.ok ? await publish(options, part) : fetched;
  } catch (problem) {
    if (options.signal.aborted) {
      return err(
        failure('interrupted', `the download of ${shownUrl(options.url)} was interrupted`, {
          hint: 'what has arrived is kept; the next start goes on from there',
        }),
      );
    }
    if (isSystemError(problem)) return err(systemFailure(`cannot save ${options.destination}`, problem));
    throw problem;
  }
}
