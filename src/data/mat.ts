import { err, ok, type Result } from '../util/result.ts';
import { inflate, inflateStart } from './inflate.ts';
import { malformed } from './malformed.ts';
import { arrayLayout, countOf, decodeArray } from './number-type.ts';
import type { NumberArray } from './pixels.ts';

/** A variable of a MATLAB file, as far as data sets need it. */
export type MatValue =
  | { readonly kind: 'numbers'; readonly shape: readonly number[]; readonly decode: () => NumberArray }
  | { readonly kind: 'struct'; readonly fields: ReadonlyMap<string, MatValue> }
  | { readonly kind: 'other'; readonly what: string };

/** Something in the file that cannot be: caught where the file's name is known. */
class MatError extends Error {}

const headerLength = 128;
/** Structs in structs in a data set: dataset, train, images. */
const deepest = 16;
const mostFields = 1000;
const mostAxes = 32;
const matrixType = 14;
const compressedType = 15;
const cutOff = 'the file is cut off or damaged: get it again';

/** Data types of elements ("MAT-File Format", MathWorks, table 1-1) by NumPy's codes. */
const numberTypes: Readonly<Record<number, string>> = {
  1: 'i1',
  2: 'u1',
  3: 'i2',
  4: 'u2',
  5: 'i4',
  6: 'u4',
  7: 'f4',
  9: 'f8',
  12: 'i8',
  13: 'u8',
};

/** Classes of arrays that hold no plain numbers (table 1-3). */
const otherClasses: Readonly<Record<number, string>> = {
  1: 'a cell array',
  3: 'an object',
  4: 'text',
  5: 'a sparse matrix',
};

interface Element {
  readonly type: number;
  readonly data: Buffer;
}

/** Takes elements off a stretch of bytes; every length is compared with what is left. */
class ElementReader {
  readonly #bytes: Buffer;
  readonly #little: boolean;
  #offset = 0;

  constructor(bytes: Buffer, little: boolean) {
    this.#bytes = bytes;
    this.#little = little;
  }

  get little(): boolean {
    return this.#little;
  }

  get done(): boolean {
    return this.#offset >= this.#bytes.length;
  }

  #uint32(offset: number): number {
    if (offset + 4 > this.#bytes.length)
      throw new MatError(`ends inside the head of an element, after ${this.#bytes.length} bytes`);
    return this.#little ? this.#bytes.readUInt32LE(offset) : this.#bytes.readUInt32BE(offset);
  }

  /** The next element: type, length and data, or both in four bytes with up to four bytes of data after them. */
  next(): Element {
    const head = this.#uint32(this.#offset);
    const small = head >>> 16 !== 0;
    const type = small ? head & 0xffff : head;
    const length = small ? head >>> 16 : this.#uint32(this.#offset + 4);
    const start = this.#offset + (small ? 4 : 8);
    const left = this.#bytes.length - start;
    if (length > left || (small && length > 4)) {
      throw new MatError(`has an element of ${length} bytes where ${Math.min(left, small ? 4 : left)} are left`);
    }
    // Data is padded to a multiple of 8 bytes, except that of a compressed element.
    const padded = type === compressedType ? length : Math.ceil(length / 8) * 8;
    this.#offset = small ? start + 4 : start + padded;
    return { type, data: this.#bytes.subarray(start, start + length) };
  }

  /** The next element as whole numbers. */
  integers(what: string, most: number): number[] {
    const { type, data } = this.next();
    if (type !== 5 && type !== 6) throw new MatError(`has ${what} of type ${type}, not of 32-bit numbers`);
    if (data.length % 4 !== 0 || data.length / 4 > most) throw new MatError(`has ${what} of ${data.length} bytes`);
    return Array.from({ length: data.length / 4 }, (_, index) =>
      this.#little ? data.readUInt32LE(4 * index) : data.readUInt32BE(4 * index),
    );
  }
}

function readStruct(reader: ElementReader, shape: readonly number[], depth: number): MatValue {
  if (countOf(shape) !== 1) return { kind: 'other', what: `an array of ${countOf(shape)} structs` };
  const [nameLength = 0] = reader.integers('the length of field names', 1);
  const names = reader.next().data;
  const count = nameLength === 0 ? 0 : names.length / nameLength;
  if (!Number.isInteger(count) || count > mostFields) throw new MatError(`has a struct with ${count} fields`);
  const fields = new Map<string, MatValue>();
  for (let field = 0; field < count; field++) {
    const [name = ''] = names.toString('latin1', field * nameLength, (field + 1) * nameLength).split('\0');
    const { type, data } = reader.next();
    if (type !== matrixType) throw new MatError(`has an element of type ${type} as the field ${name}`);
    fields.set(name, readMatrix(new ElementReader(data, reader.little), depth + 1).value);
  }
  return { kind: 'struct', fields };
}

function readNumbers(reader: ElementReader, shape: readonly number[]): MatValue {
  const { type, data } = reader.next();
  const code = numberTypes[type];
  if (code === undefined) throw new MatError(`has numbers of the unknown type ${type}`);
  const layout = arrayLayout(`${reader.little ? '<' : '>'}${code}`);
  if (!layout.ok) throw new Error(layout.error);
  const size = countOf(shape) * layout.value.type.size;
  if (data.length !== size)
    throw new MatError(`has ${data.length} bytes for ${shape.join(' x ')} numbers, which need ${size}`);
  return {
    kind: 'numbers',
    shape,
    decode: () => ({ shape, values: decodeArray(data, layout.value, shape, true) }),
  };
}

/** Reads the content of a miMATRIX element: flags, shape, name, and what its class has. */
function readMatrix(reader: ElementReader, depth: number): { readonly name: string; readonly value: MatValue } {
  if (depth > deepest) throw new MatError(`has structs more than ${deepest} deep`);
  if (reader.done) return { name: '', value: { kind: 'other', what: 'empty' } };
  const [flags = 0] = reader.integers('array flags', 2);
  const shape = reader.integers('a shape', mostAxes);
  const name = reader.next().data.toString('latin1');
  const arrayClass = flags & 0xff;
  if (arrayClass === 2) return { name, value: readStruct(reader, shape, depth) };
  if (arrayClass >= 6 && arrayClass <= 15 && (flags & 0x800) === 0) return { name, value: readNumbers(reader, shape) };
  return { name, value: { kind: 'other', what: otherClasses[arrayClass] ?? `an array of class ${arrayClass}` } };
}

/** The bytes of a miCOMPRESSED element: one element again, whose own head says how long it is. */
function decompress(file: string, data: Buffer, little: boolean): Result<Buffer> {
  const start = inflateStart(data);
  if (start.length < 8)
    return malformed('mat-invalid', file, 'has a compressed element that cannot be unpacked', cutOff);
  const length = little ? start.readUInt32LE(4) : start.readUInt32BE(4);
  return inflate(file, data, 8 + length);
}

/** Byte order by the header's mark; also tells the formats apart that share the extension. */
function readByteOrder(file: string, bytes: Buffer): Result<boolean> {
  const wrong = (what: string, hint: string) => malformed('mat-invalid', file, what, hint);
  if (bytes.length < headerLength)
    return wrong(`ends inside its header, after ${bytes.length} of ${headerLength} bytes`, cutOff);
  const mark = bytes.toString('latin1', 126, 128);
  const little = mark === 'IM';
  if (!little && mark !== 'MI')
    return wrong('is not a MATLAB 5 file: it has no byte-order mark', "save with '-v7' or '-v6'");
  const version = little ? bytes.readUInt16LE(124) : bytes.readUInt16BE(124);
  if (version !== 0x0100) {
    return wrong(
      `is of MATLAB file version 0x${version.toString(16)}, not 0x100`,
      "version 7.3 is HDF5; save with '-v7'",
    );
  }
  return ok(little);
}

/**
 * Parses a MATLAB 5 file ("MAT-File Format", MathWorks; versions 5 to 7 write it): variables by name, numbers and
 * structs of them, compressed or not, either byte order. Numbers are decoded only on demand.
 * Errors: another version, damage, a length that does not fit to the file.
 */
export function parseMat(file: string, bytes: Buffer): Result<ReadonlyMap<string, MatValue>> {
  const order = readByteOrder(file, bytes);
  if (!order.ok) return order;
  const little = order.value;
  const variables = new Map<string, MatValue>();
  try {
    const reader = new ElementReader(bytes.subarray(headerLength), little);
    while (!reader.done) {
      let element = reader.next();
      if (element.type === compressedType) {
        const unpacked = decompress(file, element.data, little);
        if (!unpacked.ok) return unpacked;
        element = new ElementReader(unpacked.value, little).next();
      }
      if (element.type !== matrixType)
        throw new MatError(`has an element of type ${element.type} where a variable should be`);
      const { name, value } = readMatrix(new ElementReader(element.data, little), 0);
      variables.set(name, value);
    }
  } catch (problem) {
    if (!(problem instanceof MatError)) throw problem;
    return err(malformed('mat-invalid', file, problem.message, cutOff).error);
  }
  return ok(variables);
}
