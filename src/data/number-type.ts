import { err, ok, type Result } from '../util/result.ts';
import type { Numbers } from './pixels.ts';

interface NumberType {
  /** Bytes a number. */
  readonly size: number;
  readonly create: (length: number) => Numbers;
  /** Reads one number; 64-bit integers become doubles, exact up to 2^53. */
  readonly read: (view: DataView, offset: number, littleEndian: boolean) => number;
}

const wide = (length: number): Numbers => new Float64Array(length);

/** NumPy's type codes without the byte order (numpy.org/doc/stable/reference/arrays.dtypes.html). */
const types: Readonly<Record<string, NumberType>> = {
  b1: { size: 1, create: (length) => new Uint8Array(length), read: (view, offset) => view.getUint8(offset) },
  u1: { size: 1, create: (length) => new Uint8Array(length), read: (view, offset) => view.getUint8(offset) },
  i1: { size: 1, create: (length) => new Int8Array(length), read: (view, offset) => view.getInt8(offset) },
  u2: { size: 2, create: (length) => new Uint16Array(length), read: (view, at, little) => view.getUint16(at, little) },
  i2: { size: 2, create: (length) => new Int16Array(length), read: (view, at, little) => view.getInt16(at, little) },
  u4: { size: 4, create: (length) => new Uint32Array(length), read: (view, at, little) => view.getUint32(at, little) },
  i4: { size: 4, create: (length) => new Int32Array(length), read: (view, at, little) => view.getInt32(at, little) },
  u8: { size: 8, create: wide, read: (view, offset, little) => Number(view.getBigUint64(offset, little)) },
  i8: { size: 8, create: wide, read: (view, offset, little) => Number(view.getBigInt64(offset, little)) },
  f4: {
    size: 4,
    create: (length) => new Float32Array(length),
    read: (view, at, little) => view.getFloat32(at, little),
  },
  f8: { size: 8, create: wide, read: (view, offset, little) => view.getFloat64(offset, little) },
};

export interface ArrayLayout {
  readonly type: NumberType;
  readonly littleEndian: boolean;
}

/** Understands a type as NumPy writes it (`<f4`, `|u1`, `>i8`). The error says what it is. */
export function arrayLayout(descriptor: string): Result<ArrayLayout, string> {
  const match = /^([<>|=])?([a-zA-Z]\d*)$/.exec(descriptor);
  const type = types[match?.[2] ?? ''];
  if (match?.[2]?.startsWith('O')) return err('Python objects (type O), which are never loaded');
  if (type === undefined) return err(`values of type ${JSON.stringify(descriptor.slice(0, 40))}`);
  return ok({ type, littleEndian: match?.[1] !== '>' });
}

/** Number of values of a shape. */
export function countOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** Reads all numbers of `bytes`, whose length is a multiple of the type's size. */
function readNumbers(bytes: Uint8Array, { type, littleEndian }: ArrayLayout): Numbers {
  const values = type.create(bytes.length / type.size);
  if (values instanceof Uint8Array) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let index = 0; index < values.length; index++) values[index] = type.read(view, index * type.size, littleEndian);
  return values;
}

/**
 * Numbers in C order (last axis fastest) out of the bytes of an array. `fortran`: the bytes have the first axis
 * fastest. The number of bytes must be that of the shape.
 */
export function decodeArray(
  bytes: Uint8Array,
  layout: ArrayLayout,
  shape: readonly number[],
  fortran: boolean,
): Numbers {
  if (bytes.length !== countOf(shape) * layout.type.size) throw new Error('bytes and shape of an array must agree');
  const values = readNumbers(bytes, layout);
  return fortran && shape.length > 1 ? toRowMajor(values, shape, layout.type.create(values.length)) : values;
}

/** Rows that are turned together: their target stays in the processor's cache. */
const block = 64;

/** `toRowMajor` for matrices, about ten times as fast. */
function turnMatrix(values: Numbers, rows: number, columns: number, target: Numbers): void {
  for (let first = 0; first < rows; first += block) {
    const end = Math.min(first + block, rows);
    for (let column = 0; column < columns; column++) {
      for (let row = first; row < end; row++) target[row * columns + column] = values[column * rows + row] as number;
    }
  }
}

/** Reorders numbers whose first axis runs fastest so that the last one does. */
export function toRowMajor<Values extends Numbers>(values: Numbers, shape: readonly number[], target: Values): Values {
  const [rows = 0, columns = 0] = shape;
  if (shape.length === 2) {
    turnMatrix(values, rows, columns, target);
    return target;
  }
  const strides: number[] = [];
  let stride = 1;
  for (const extent of shape) {
    strides.push(stride);
    stride *= extent;
  }
  const position = shape.map(() => 0);
  let source = 0;
  for (let index = 0; index < values.length; index++) {
    target[index] = values[source] as number;
    // Counts up like an odometer, the last axis first.
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (position[axis] as number) + 1;
      source += strides[axis] as number;
      if (next < (shape[axis] as number)) {
        position[axis] = next;
        break;
      }
      source -= next * (strides[axis] as number);
      position[axis] = 0;
    }
  }
  return target;
}
