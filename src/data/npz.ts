import { basename } from 'node:path';
import { crc32 } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { failure } from '../errors/failure.ts';
import { isSystemError, systemFailure } from '../errors/system.ts';
import { err, ok, type Result } from '../util/result.ts';
import { malformed } from './malformed.ts';

/** Node holds no larger buffer than this for certain; a member that says more lies, or cannot be served. */
const largestMember = 2 ** 31;
/** Deflate cannot shrink more than this (RFC 1951). */
const mostExpansion = 1032;
const mostMembers = 10_000;

/** An opened .npz file: its arrays by name, without `.npy`. */
export interface NpzArchive {
  readonly names: readonly string[];
  /** The bytes of one array's .npy file. */
  readonly read: (name: string) => Promise<Result<Buffer>>;
  readonly close: () => void;
}

/** Unpacks one member in no more memory than its directory entry promises, and compares its checksum. */
async function readMember(file: string, archive: ZipFile, entry: Entry): Promise<Result<Buffer>> {
  const { fileName, uncompressedSize: size, compressedSize } = entry;
  if (size > largestMember || size > (compressedSize + 1) * mostExpansion) {
    return malformed('npz-invalid', file, `says that ${fileName} has ${size} bytes, packed to ${compressedSize}`);
  }
  const chunks: Buffer[] = [];
  let got = 0;
  let checksum = 0;
  for await (const chunk of await archive.openReadStreamPromise(entry)) {
    const bytes = chunk as Buffer;
    got += bytes.length;
    if (got > size) break;
    checksum = crc32(bytes, checksum);
    chunks.push(bytes);
  }
  if (got !== size) return malformed('npz-invalid', file, `should hold ${size} bytes of ${fileName}, got ${got}`);
  if (checksum !== entry.crc32) return malformed('npz-invalid', file, `has a wrong checksum for ${fileName}`);
  return ok(Buffer.concat(chunks));
}

/** Turns errors of yauzl and zlib, which are about the file's content, and of the disk into failures. */
async function guarded<Value>(file: string, action: () => Promise<Result<Value>>): Promise<Result<Value>> {
  try {
    return await action();
  } catch (problem) {
    const damaged = !isSystemError(problem) || problem.code.startsWith('Z_') || problem.code.startsWith('ERR_');
    if (!(problem instanceof Error)) throw problem;
    if (!damaged) return err(systemFailure(`cannot read ${basename(file)}`, problem));
    const what = `cannot read ${basename(file)} as a zip archive: ${problem.message}`;
    return err(failure('npz-invalid', what, { hint: 'the file is cut off or damaged: get it again' }));
  }
}

/** Opens an .npz file (a zip archive of .npy files, stored or deflated). Errors: a damaged archive, those of the disk. */
export function openNpz(file: string): Promise<Result<NpzArchive>> {
  return guarded(file, async () => {
    const archive = await openPromise(file, { autoClose: false, lazyEntries: true, validateEntrySizes: true });
    try {
      const entries = new Map<string, Entry>();
      for await (const entry of archive.eachEntry()) {
        if (entries.size >= mostMembers) throw new Error(`it has more than ${mostMembers} members`);
        if (entry.fileName.endsWith('.npy')) entries.set(entry.fileName.slice(0, -'.npy'.length), entry);
      }
      return ok({
        names: [...entries.keys()],
        read: (name) => {
          const entry = entries.get(name);
          if (entry === undefined) throw new Error(`${name} is not one of the archive's arrays`);
          return guarded(file, () => readMember(file, archive, entry));
        },
        close: () => archive.close(),
      });
    } catch (problem) {
      archive.close();
      throw problem;
    }
  });
}
