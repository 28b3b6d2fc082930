import type { Data, Field, Table, Vector } from 'apache-arrow';
import { DataType } from 'apache-arrow';

/** Arrays that numbers of a column come in. Whole numbers of 64 bits come as doubles, with their bytes beside them. */
export type Numbers =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** The rows of a column that lie in one record batch. */
export interface Chunk {
  /** Row of the table that its first row is. */
  readonly first: number;
  readonly rows: number;
  readonly values: Numbers;
  /** The bytes that say whether two values are the same: those of `values`, but for 64-bit numbers. */
  readonly bytes: Buffer;
  /** Bytes of one value in `bytes`. */
  readonly width: number;
  /** Where each row's values start, where rows have unequal numbers of them; one more than there are rows. */
  readonly starts?: Int32Array;
  /** A bit a row, 0 where it is null; left out where no row is. */
  readonly validity?: Uint8Array;
}

const littleType: Readonly<Record<string, string>> = { utf8: 'text', largeutf8: 'text', largebinary: 'binary' };

/**
 * A column of any Arrow table as plain arrays, without an object a row. `numbers`: one number a row, a tensor or a list of them;
 * `bytes`: texts and byte strings; what is neither (dictionaries, structs, decimals …) comes as text, by its JSON.
 */
export class ColumnView {
  readonly name: string;
  /** For people: `int32`, `uint8[28,28]`, `list<float32>`, `text`. */
  readonly type: string;
  readonly kind: 'numbers' | 'bytes';
  readonly isText: boolean;
  /** Type of the numbers; of 64-bit whole numbers theirs, though they come as doubles. */
  readonly element: string;
  /** Values of a row; undefined where rows have unequal numbers of them. */
  readonly size: number | undefined;
  /** Shape of a tensor; undefined of other columns. */
  readonly shape: readonly number[] | undefined;
  readonly chunks: readonly Chunk[];
  readonly #source: { readonly table: Table; readonly index: number };
  #last: Chunk | undefined;

  constructor(table: Table, index: number, asText = false) {
    this.#source = { table, index };
    const field = table.schema.fields[index] as Field;
    const data = table.batches.map((batch) => batch.data.children[index] as Data);
    const form = asText ? textForm(field) : formOf(field, data);
    this.name = field.name;
    this.type = form.type;
    this.kind = form.kind;
    this.isText = form.isText;
    this.element = form.element;
    this.size = form.size;
    this.shape = form.shape;
    this.chunks = chunksOf(table, index, form);
    this.#last = this.chunks[0];
  }

  /** The same column with each value as the text of its JSON, to compare what comes as numbers in one table alone. */
  asText(): ColumnView {
    return new ColumnView(this.#source.table, this.#source.index, true);
  }

  /** The chunk that a row lies in. Rows that are asked for in their order are found at once. */
  chunkOf(row: number): Chunk {
    const last = this.#last;
    if (last !== undefined && row >= last.first && row < last.first + last.rows) return last;
    const found = this.chunks.findLast(({ first }) => first <= row);
    if (found === undefined) throw new Error(`column ${this.name} has no row ${row}`);
    this.#last = found;
    return found;
  }

  /** Where in its chunk's values a row starts. */
  start(chunk: Chunk, row: number): number {
    const at = row - chunk.first;
    return chunk.starts === undefined ? at * (this.size ?? 1) : (chunk.starts[at] as number);
  }

  /** How many values a row has. */
  count(chunk: Chunk, row: number): number {
    if (chunk.starts === undefined) return this.size ?? 1;
    const at = row - chunk.first;
    return (chunk.starts[at + 1] as number) - (chunk.starts[at] as number);
  }

  isNull(chunk: Chunk, row: number): boolean {
    const at = row - chunk.first;
    return chunk.validity !== undefined && (((chunk.validity[at >> 3] as number) >> (at & 7)) & 1) === 0;
  }

  /** The text of a row of a column of texts; null where it has none. */
  text(row: number): string | null {
    const chunk = this.chunkOf(row);
    if (this.isNull(chunk, row)) return null;
    const start = this.start(chunk, row);
    return chunk.bytes.toString('utf8', start, start + this.count(chunk, row));
  }

  /** The numbers of a row, a view. */
  numbers(row: number): Numbers {
    const chunk = this.chunkOf(row);
    const start = this.start(chunk, row);
    return chunk.values.subarray(start, start + this.count(chunk, row));
  }
}

interface Form {
  readonly type: string;
  readonly kind: ColumnView['kind'];
  readonly isText: boolean;
  readonly element: string;
  readonly size: number | undefined;
  readonly shape: readonly number[] | undefined;
  /** Where the values lie: in the column itself, in its list's child, or nowhere as plain numbers. */
  readonly layout: 'own' | 'child' | 'json';
}

function elementOf(type: DataType): string | undefined {
  const plain =
    DataType.isInt(type) ||
    DataType.isBool(type) ||
    DataType.isDate(type) ||
    DataType.isTimestamp(type) ||
    DataType.isTime(type) ||
    (DataType.isFloat(type) && type.precision > 0);
  return plain ? String(type).toLowerCase() : undefined;
}

function formOf(field: Field, data: readonly Data[]): Form {
  const type = field.type as DataType;
  const own = elementOf(type);
  const common = { shape: undefined, isText: false };
  if (own !== undefined) return { ...common, type: own, kind: 'numbers', element: own, size: 1, layout: 'own' };
  if (DataType.isUtf8(type) || DataType.isBinary(type) || DataType.isLargeUtf8(type) || DataType.isLargeBinary(type)) {
    const name = String(type).toLowerCase();
    const shown = littleType[name] ?? name;
    const isText = shown === 'text';
    return { ...common, isText, type: shown, kind: 'bytes', element: 'uint8', size: undefined, layout: 'own' };
  }
  if (DataType.isList(type) || DataType.isFixedSizeList(type)) {
    const element = elementOf(type.children[0]?.type as DataType);
    // Items that are null have no place among plain numbers: such lists come as text.
    const hasNullItems = data.some(({ children }) => (children[0]?.nullCount ?? 0) > 0);
    if (element !== undefined && element !== 'bool' && !hasNullItems) return listForm(field, type, element);
  }
  return textForm(field);
}

function textForm({ type }: Field): Form {
  const shown = String(type).toLowerCase();
  return {
    type: shown,
    kind: 'bytes',
    isText: true,
    element: 'uint8',
    size: undefined,
    shape: undefined,
    layout: 'json',
  };
}

function listForm(field: Field, type: DataType, element: string): Form {
  const common = { kind: 'numbers', isText: false, element, layout: 'child' } as const;
  if (!DataType.isFixedSizeList(type))
    return { ...common, type: `list<${element}>`, size: undefined, shape: undefined };
  const size = type.listSize;
  const shape = shapeOf(field) ?? [size];
  return { ...common, type: `${element}[${shape.join(',')}]`, size, shape };
}

/** The shape that the extension `arrow.fixed_shape_tensor` names. */
function shapeOf(field: Field): number[] | undefined {
  try {
    const { shape } = JSON.parse(field.metadata.get('ARROW:extension:metadata') ?? '{}') as { shape?: unknown };
    return Array.isArray(shape) && shape.every(Number.isInteger) ? (shape as number[]) : undefined;
  } catch {
    return undefined;
  }
}

function chunksOf(table: Table, index: number, form: Form): Chunk[] {
  let first = 0;
  return table.batches.flatMap((batch) => {
    const data = batch.data.children[index] as Data;
    if (data.length === 0) return [];
    const chunk =
      form.layout === 'json' ? jsonChunk(batch.getChildAt(index) as Vector, first) : plainChunk(data, first, form);
    first += data.length;
    return [chunk];
  });
}

function plainChunk(data: Data, first: number, form: Form): Chunk {
  const inner = form.layout === 'child' ? (data.children[0] as Data) : data;
  const raw = DataType.isBool(inner.type as DataType) ? unpackedBits(inner) : (inner.values as ArrayBufferView);
  const values =
    raw instanceof BigInt64Array || raw instanceof BigUint64Array ? Float64Array.from(raw, Number) : (raw as Numbers);
  const nullCount = data.nullCount;
  return {
    first,
    rows: data.length,
    values,
    bytes: Buffer.from(raw.buffer as ArrayBuffer, raw.byteOffset, raw.byteLength),
    width: (raw as unknown as { readonly BYTES_PER_ELEMENT: number }).BYTES_PER_ELEMENT,
    ...(form.size === undefined ? { starts: Int32Array.from(data.valueOffsets as ArrayLike<number>, Number) } : {}),
    ...(nullCount > 0 && data.nullBitmap !== null ? { validity: data.nullBitmap } : {}),
  };
}

function unpackedBits(data: Data): Uint8Array {
  const packed = data.values as Uint8Array;
  return Uint8Array.from({ length: data.length }, (_, row) => ((packed[row >> 3] as number) >> (row & 7)) & 1);
}

/** Values of other types as the text of their JSON, each row's after the other. */
function jsonChunk(vector: Vector, first: number): Chunk {
  const texts = Array.from({ length: vector.length }, (_, row) => jsonText(vector.get(row)));
  const parts = texts.map((text) => Buffer.from(text));
  const starts = new Int32Array(parts.length + 1);
  parts.forEach((part, row) => {
    starts[row + 1] = (starts[row] as number) + part.length;
  });
  const bytes = Buffer.concat(parts);
  return {
    first,
    rows: vector.length,
    values: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length),
    bytes,
    width: 1,
    starts,
  };
}

function jsonText(value: unknown): string {
  if (typeof value === 'string') return value;
  const plain = (_: string, inner: unknown): unknown => (typeof inner === 'bigint' ? `${inner}` : inner);
  return JSON.stringify(value, plain) ?? 'null';
}
