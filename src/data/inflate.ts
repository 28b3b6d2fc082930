import { constants, unzipSync } from 'node:zlib';
import { isSystemError } from '../errors/system.ts';
import { ok, type Result } from '../util/result.ts';
import { malformed } from './malformed.ts';

/** Deflate cannot shrink more than this (RFC 1951: 258 bytes for two bits). */
const mostExpansion = 1032;

export function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** How much of a stream is unpacked to get at its start: little first, because damage further on spoils all of a try. */
const tries: readonly number[] = [128, 512, 4096];

/** The first 20 bytes or more that a gzip or zlib stream unpacks to; fewer where it is shorter or damaged. */
export function inflateStart(bytes: Buffer): Buffer {
  let start: Buffer = Buffer.alloc(0);
  for (const length of tries) {
    try {
      start = unzipSync(bytes.subarray(0, length), { finishFlush: constants.Z_SYNC_FLUSH });
    } catch (problem) {
      if (!isSystemError(problem)) throw problem;
      return start;
    }
    if (start.length >= 20) return start;
  }
  return start;
}

/** How many bytes a stream that breaks off unpacks to, undefined when it is damaged before its end too. */
function unpackedLength(bytes: Buffer, limit: number): number | undefined {
  try {
    return unzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: limit }).length;
  } catch (problem) {
    if (!isSystemError(problem)) throw problem;
    return undefined;
  }
}

/**
 * Unpacks gzip or zlib that must give `size` bytes, in no more memory than that, so that a small file cannot fill it.
 * Errors: a damaged or cut-off stream, more or fewer bytes (with both numbers).
 */
export function inflate(file: string, bytes: Buffer, size: number): Result<Buffer> {
  const hint = 'the file is damaged or cut off: get it again';
  if (size > (bytes.length + 1) * mostExpansion) {
    return malformed(
      'gzip-size',
      file,
      `should unpack to ${size} bytes, which its ${bytes.length} bytes cannot hold`,
      hint,
    );
  }
  try {
    const unpacked = unzipSync(bytes, { maxOutputLength: Math.max(size, 1) });
    if (unpacked.length === size) return ok(unpacked);
    return malformed('gzip-size', file, `should unpack to ${size} bytes, got ${unpacked.length}`, hint);
  } catch (problem) {
    if (!isSystemError(problem)) throw problem;
    if (problem.code === 'ERR_BUFFER_TOO_LARGE') {
      return malformed('gzip-size', file, `unpacks to more than the ${size} bytes that its header promises`, hint);
    }
    const got = unpackedLength(bytes, Math.max(size, 1));
    const far = got === undefined ? '' : `: ${size} bytes were expected, got ${got}`;
    return malformed('gzip-damaged', file, `cannot be unpacked (${problem.message})${far}`, hint);
  }
}
