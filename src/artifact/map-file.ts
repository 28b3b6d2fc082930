import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Maps a file into memory read-only; undefined where the platform cannot. */
type MapFile = (path: string, size: number) => ArrayBuffer | undefined;

const protRead = 1;
const mapShared = 1;
const openReadOnly = 0;
/** Below this size a plain read is quicker than a mapping. */
const smallest = 1024 * 1024;
const largestRead = 1024 * 1024 * 1024;

/**
 * koffi calls the C library's `mmap`: all workers then share the pages of one file instead of holding a copy each.
 * A mapped file must never be truncated (the process would die of SIGBUS): artifacts are replaced by rename only.
 */
function loadMapper(): MapFile | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
    const library = koffi.load('libc.so.6');
    const open = library.func('int open(const char *path, int flags)');
    const close = library.func('int close(int descriptor)');
    const map = library.func(
      'void *mmap(void *address, size_t length, int protection, int flags, int descriptor, int64_t offset)',
    );
    const unmap = library.func('int munmap(void *address, size_t length)');
    // Every view of the mapping holds its buffer: when that is collected, nobody can read the pages any more.
    const collected = new FinalizationRegistry<{ address: unknown; size: number }>(({ address, size }) => {
      unmap(address, size);
    });
    return (path, size) => {
      const descriptor = open(path, openReadOnly) as number;
      if (descriptor < 0) return undefined;
      const address = map(null, size, protRead, mapShared, descriptor, 0) as unknown;
      close(descriptor);
      const failed = address === null || koffi.address(address) === 0xffffffffffffffffn;
      if (failed) return undefined;
      const buffer = koffi.view(address, size) as ArrayBuffer;
      collected.register(buffer, { address, size });
      return buffer;
    };
  } catch {
    // No prebuilt koffi for this platform: reading gives the same bytes, at the price of a copy a process.
    return undefined;
  }
}

const mapFile = loadMapper();

function readWhole(path: string): ArrayBuffer {
  const descriptor = openSync(path, 'r');
  try {
    const size = fstatSync(descriptor).size;
    const bytes = new Uint8Array(new ArrayBuffer(size));
    let done = 0;
    while (done < size) {
      const got = readSync(descriptor, bytes, done, Math.min(largestRead, size - done), done);
      if (got === 0) throw new Error(`${path} ended after ${done} of ${size} bytes`);
      done += got;
    }
    return bytes.buffer;
  } finally {
    closeSync(descriptor);
  }
}

/** The bytes of a file: mapped where it pays and can be had, read otherwise. Throws the system's error. */
export function fileBytes(path: string): Uint8Array {
  const descriptor = openSync(path, 'r');
  const { size } = fstatSync(descriptor);
  closeSync(descriptor);
  const mapped = size < smallest ? undefined : mapFile?.(path, size);
  return new Uint8Array(mapped ?? readWhole(path));
}
