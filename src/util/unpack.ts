import { createWriteStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { failure } from '../errors/failure.ts';
import { isSystemError, systemFailure } from '../errors/system.ts';
import { err, ok, type Result } from '../util/result.ts';

export interface UnpackOptions {
  /** Which members to take, by their path in the archive. */
  readonly wanted: (member: string) => boolean;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
  readonly signal: AbortSignal;
}

/** An error of the archive, told apart from those of the disk. */
class ArchiveError extends Error {}

/** Lets bytes through while it counts and checksums them. */
function createMeter(onBytes: (count: number) => void): { stream: Transform; checksum: () => number } {
  let value = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      value = crc32(chunk, value);
      onBytes(chunk.byteLength);
      done(null, chunk);
    },
  });
  return { stream, checksum: () => value };
}

/** The member's place below the folder. yauzl refuses `..` and absolute names; this holds whatever yauzl does. */
function placeOf(entry: Entry, folder: string): string {
  const target = path.resolve(folder, entry.fileName);
  if (!target.startsWith(folder + path.sep))
    throw new ArchiveError(`the member ${entry.fileName} leads out of the folder`);
  return target;
}

async function writeMember(
  archive: ZipFile,
  entry: Entry,
  folder: string,
  onBytes: (count: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const target = placeOf(entry, folder);
  const unixMode = entry.externalFileAttributes >>> 16;
  if ((unixMode & 0o170000) === 0o120000) throw new ArchiveError(`the member ${entry.fileName} is a link`);
  await mkdir(path.dirname(target), { recursive: true });
  const meter = createMeter(onBytes);
  const mode = (unixMode & 0o111) === 0 ? 0o644 : 0o755;
  const source = await archive.openReadStreamPromise(entry);
  await pipeline(source, meter.stream, createWriteStream(target, { mode, flags: 'wx' }), { signal });
  if (meter.checksum() !== entry.crc32) throw new ArchiveError(`the member ${entry.fileName} has a wrong checksum`);
  // The folder is published by a rename, which promises nothing about bytes that are not on the disk yet.
  const file = await open(target, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Unpacks the wanted members of a zip archive into a new folder, one at a time and as streams. Names that lead out
 * of the folder, links, wrong sizes and wrong checksums are refused.
 * Errors: `archive-invalid`, `interrupted`, and those of the disk.
 */
export async function unpack(file: string, folder: string, options: UnpackOptions): Promise<Result<void>> {
  let archive: ZipFile | undefined;
  try {
    archive = await openPromise(file, { autoClose: false, lazyEntries: true, validateEntrySizes: true });
    const entries: Entry[] = [];
    for await (const entry of archive.eachEntry()) {
      if (!entry.fileName.endsWith('/') && options.wanted(entry.fileName)) entries.push(entry);
    }
    const total = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0);
    let done = 0;
    const onBytes = (count: number) => {
      done += count;
      options.onProgress?.({ done, total });
    };
    for (const entry of entries) await writeMember(archive, entry, path.resolve(folder), onBytes, options.signal);
    return ok();
  } catch (problem) {
    if (options.signal.aborted) return err(failure('interrupted', `unpacking ${path.basename(file)} was interrupted`));
    if (isSystemError(problem) && !problem.code.startsWith('Z_'))
      return err(systemFailure(`cannot unpack ${file}`, problem));
    if (!(problem instanceof Error)) throw problem;
    return err(
      failure('archive-invalid', `cannot unpack ${file}: ${problem.message}`, {
        hint: 'delete the file and start again',
      }),
    );
  } finally {
    archive?.close();
  }
}
