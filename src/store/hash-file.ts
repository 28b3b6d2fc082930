import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';

/** What tells that a file was not touched since it was hashed. A change of any of these makes it hash again. */
export function fileStamp(stats: Pick<Stats, 'dev' | 'ino' | 'size' | 'mtimeMs' | 'ctimeMs'>): string {
  return [stats.dev, stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs].join(':');
}

/** SHA-256 of a file and the stamp of exactly the file that was hashed (one open descriptor, so no swap in between). */
export function hashFile(path: string): { readonly digest: string; readonly stamp: string; readonly size: number } {
  const descriptor = openSync(path, 'r');
  try {
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafe(4 * 1024 * 1024);
    for (let got = readSync(descriptor, buffer); got > 0; got = readSync(descriptor, buffer))
      hash.update(buffer.subarray(0, got));
    const stats = fstatSync(descriptor);
    return { digest: hash.digest('hex'), stamp: fileStamp(stats), size: stats.size };
  } finally {
    closeSync(descriptor);
  }
}

/** The same without holding up the event loop, for files that others may be slow to give. */
export async function hashFileAsync(path: string): Promise<{ readonly digest: string; readonly stamp: string }> {
  const file = await open(path, 'r');
  try {
    const hash = createHash('sha256');
    for await (const chunk of file.createReadStream({ autoClose: false, highWaterMark: 1024 * 1024 })) {
      hash.update(chunk as Buffer);
    }
    return { digest: hash.digest('hex'), stamp: fileStamp(await file.stat()) };
  } finally {
    await file.close();
  }
}
