import {
  Binary,
  type Data,
  type DataType,
  Field,
  FixedSizeList,
  Float32,
  Float64,
  Int32,
  List,
  makeData,
  Uint8,
  Uint32,
  Utf8,
} from 'apache-arrow';
import type { Column, NumberArray } from './column.ts';

/** The largest body of one record batch in bytes. Some readers refuse 256 MiB, and beyond 2 GiB offsets overflow. */
export const largestBatchBytes = 128 * 1024 * 1024;

function numberType(values: NumberArray): Uint8 | Int32 | Uint32 | Float32 | Float64 {
  if (values instanceof Uint8Array) return new Uint8();
  if (values instanceof Int32Array) return new Int32();
  if (values instanceof Uint32Array) return new Uint32();
  if (values instanceof Float32Array) return new Float32();
  return new Float64();
}

/** Number of values in one row of a tensor column of this shape. */
export function rowSize(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** Number of rows of a column. */
export function columnRows(column: Column): number {
  return column.kind === 'tensor' ? column.values.length / rowSize(column.shape) : column.values.length;
}

/** Bytes that one row takes, for cutting record batches. */
export function rowBytes(column: Column, row: number): number {
  switch (column.kind) {
    case 'number':
      return column.values.BYTES_PER_ELEMENT;
    case 'tensor':
      return rowSize(column.shape) * column.values.BYTES_PER_ELEMENT;
    case 'text':
      return 4 + Buffer.byteLength(column.values[row] ?? '');
    default:
      return 4 + (column.values[row]?.byteLength ?? 0);
  }
}

/** The Arrow field of a column. Tensors carry the `arrow.fixed_shape_tensor` extension in their metadata. */
export function arrowField(column: Column): Field {
  switch (column.kind) {
    case 'number':
      return new Field(column.name, numberType(column.values), false);
    case 'text':
      return new Field(column.name, new Utf8(), true);
    case 'binary':
      return new Field(column.name, new Binary(), false);
    case 'list': {
      const item = column.values[0] ?? new Float32Array();
      return new Field(column.name, new List(new Field('item', numberType(item), false)), false);
    }
    case 'tensor': {
      const extension = new Map([
        ['ARROW:extension:metadata', JSON.stringify({ shape: column.shape })],
        ['ARROW:extension:name', 'arrow.fixed_shape_tensor'],
      ]);
      const item = new Field('item', numberType(column.values), false);
      return new Field(column.name, new FixedSizeList(rowSize(column.shape), item), false, extension);
    }
  }
}

/** Rows first … last - 1 of a column as Arrow data, without copying numbers. */
export function arrowData(column: Column, type: DataType, first: number, last: number): Data {
  const length = last - first;
  switch (column.kind) {
    case 'number':
      return makeData({
        type: type as Int32,
        length,
        nullCount: 0,
        data: column.values.subarray(first, last) as Int32Array,
      });
    case 'tensor': {
      const size = rowSize(column.shape);
      const list = type as FixedSizeList<Uint8>;
      const child = makeData({
        type: list.valueType,
        length: length * size,
        nullCount: 0,
        data: column.values.subarray(first * size, last * size) as Uint8Array,
      });
      return makeData({ type: list, length, nullCount: 0, child });
    }
    case 'text':
      return textData(column.values.slice(first, last));
    case 'binary': {
      const parts = column.values.slice(first, last);
      return makeData({
        type: new Binary(),
        length,
        nullCount: 0,
        valueOffsets: offsets(parts),
        data: Buffer.concat(parts),
      });
    }
    case 'list': {
      const parts = column.values.slice(first, last);
      const list = type as List<Float32>;
      const valueOffsets = offsets(parts);
      const values = concatenate(parts, valueOffsets[length] ?? 0, list.valueType);
      const child = makeData({
        type: list.valueType,
        length: values.length,
        nullCount: 0,
        data: values as Float32Array,
      });
      return makeData({ type: list, length, nullCount: 0, valueOffsets, child });
    }
  }
}

function offsets(parts: readonly { readonly length: number }[]): Int32Array {
  const starts = new Int32Array(parts.length + 1);
  parts.forEach((part, index) => {
    starts[index + 1] = (starts[index] ?? 0) + part.length;
  });
  return starts;
}

function concatenate(parts: readonly ArrayLike<number>[], length: number, type: DataType): NumberArray {
  const values =
    type instanceof Int32
      ? new Int32Array(length)
      : type instanceof Float64
        ? new Float64Array(length)
        : new Float32Array(length);
  let position = 0;
  for (const part of parts) {
    values.set(part, position);
    position += part.length;
  }
  return values;
}

function textData(values: readonly (string | null)[]): Data<Utf8> {
  const encoded = values.map((value) => Buffer.from(value ?? '', 'utf8'));
  const nullCount = values.reduce((count, value) => count + (value === null ? 1 : 0), 0);
  const nullBitmap = new Uint8Array(nullCount === 0 ? 0 : Math.ceil(values.length / 8));
  if (nullCount > 0) {
    values.forEach((value, index) => {
      if (value !== null) nullBitmap[index >> 3] = (nullBitmap[index >> 3] ?? 0) | (1 << (index & 7));
    });
  }
  return makeData({
    type: new Utf8(),
    length: values.length,
    nullCount,
    nullBitmap: nullCount === 0 ? null : nullBitmap,
    valueOffsets: offsets(encoded),
    data: Buffer.concat(encoded),
  });
}
