import { ok, type Result } from '../util/result.ts';
import { inflate, inflateStart, isGzip } from './inflate.ts';
import { malformed, readBytes } from './malformed.ts';

/** An array of bytes out of an IDX file, the last axis running fastest. */
export interface IdxArray {
  readonly shape: readonly number[];
  readonly values: Uint8Array;
}

interface Header {
  readonly shape: number[];
  /** Bytes of the header. */
  readonly start: number;
  /** Bytes of the whole file. */
  readonly length: number;
}

const types: Readonly<Record<number, string>> = {
  8: 'unsigned bytes',
  9: 'signed bytes',
  11: 'short integers',
  12: 'integers',
  13: 'floats',
  14: 'doubles',
};
/** Node reads no larger file; a header that says more lies, or cannot be served. */
const largest = 2 ** 31;

function readHeader(file: string, head: Buffer): Result<Header> {
  const wrong = (what: string, hint?: string) => malformed('idx-invalid', file, what, hint);
  if (head.length < 4) return wrong(`ends inside its header, after ${head.length} bytes`, 'get the file again');
  const magic = head.readUInt32BE(0);
  const type = types[head[2] as number];
  const axes = head[3] as number;
  if (magic >>> 16 !== 0 || type === undefined || axes < 1 || axes > 4) {
    const hint = 'images start with 0x00000803 (2051), labels with 0x00000801 (2049)';
    return wrong(`is not an IDX file: it starts with 0x${magic.toString(16).padStart(8, '0')}`, hint);
  }
  if (type !== 'unsigned bytes') return wrong(`holds ${type}`, 'only unsigned bytes (type 0x08) are images or labels');
  const start = 4 + 4 * axes;
  if (head.length < start) {
    return wrong(`ends inside its header, after ${head.length} of ${start} bytes`, 'get the file again');
  }
  const shape = Array.from({ length: axes }, (_, axis) => head.readUInt32BE(4 + 4 * axis));
  const size = shape.reduce((product, extent) => product * extent, 1);
  if (size > largest) return wrong(`says that it holds ${shape.join(' x ')} bytes, more than ${largest}`);
  return ok({ shape, start, length: start + size });
}

/**
 * Reads an IDX file of unsigned bytes, packed by gzip or not: two zero bytes, the type, the number of axes, one
 * big-endian size an axis, values (LeCun, Cortes and Burges, "The MNIST database", section on file formats).
 * Errors: another magic number or type, a file that is cut off, too long or damaged (with the bytes expected and got).
 */
export async function readIdx(file: string): Promise<Result<IdxArray>> {
  const bytes = await readBytes(file);
  if (!bytes.ok) return bytes;
  const packed = isGzip(bytes.value);
  const head = packed ? inflateStart(bytes.value) : bytes.value;
  if (head.length === 0) {
    return malformed(
      'gzip-damaged',
      file,
      'cannot be unpacked: no byte of it',
      'the file is damaged or cut off: get it again',
    );
  }
  const header = readHeader(file, head);
  if (!header.ok) return header;
  const { shape, start, length } = header.value;
  const unpacked = packed ? inflate(file, bytes.value, length) : bytes;
  if (!unpacked.ok) return unpacked;
  if (unpacked.value.length !== length) {
    const what = `should have ${length} bytes (${start} and ${shape.join(' x ')} values), got ${unpacked.value.length}`;
    return malformed('idx-invalid', file, what, 'the file is cut off or damaged: get it again');
  }
  return ok({ shape, values: unpacked.value.subarray(start) });
}
