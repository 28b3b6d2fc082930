import { createHash } from 'node:crypto';
import { type BigIntStats, closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';

/** What tells that a file was not touched since it was hashed. A change of any of these makes it hash again. */
export function fileStamp(stats: Pick<BigIntStats, 'dev' | 'ino' | 'size' | 'mtimeNs' | 'ctimeNs'>): string {
  return [stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(':');
}

/** A digest with the stamp of exactly the file that was hashed (one open descriptor, so no swap in between). */
export interface HashedFile {
  readonly digest: string;
  readonly stamp: string;
  /** The file's last change, in milliseconds since the epoch. */
  readonly changed: number;
}

function hashed(digest: string, stats: BigIntStats): HashedFile {
  return { digest, stamp: fileStamp(stats), changed: Number(stats.ctimeNs / 1_000_000n) };
}

/** SHA-256 of a file. */
export function hashFile(path: string): HashedFile {
  const descriptor = openSync(path, 'r');
  try {
    const stats = fstatSync(descriptor, { bigint: true });
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafe(4 * 1024 * 1024);
    for (let got = readSync(descriptor, buffer); got > 0; got = readSync(descriptor, buffer))
      hash.update(buffer.subarray(0, got));
    return hashed(hash.digest('hex'), stats);
  } finally {
    closeSync(descriptor);
  }
}

/** The same without holding up the event loop, for files that others may be slow to give. */
export async function hashFileAsync(path: string): Promise<HashedFile> {
  const file = await open(path, 'r');
  try {
    const stats = await file.stat({ bigint: true });
    const hash = createHash('sha256');
    for await (const chunk of file.createReadStream({ autoClose: false, highWaterMark: 1024 * 1024 })) {
      hash.update(chunk as Buffer);
    }
    return hashed(hash.digest('hex'), stats);
  } finally {
    await file.close();
  }
}
