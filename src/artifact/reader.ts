import { type Data, DataType, type Field, type Table, tableFromIPC } from 'apache-arrow';
import { failure } from '../errors/failure.ts';
import { systemFailure } from '../errors/system.ts';
import { err, ok, type Result } from '../util/result.ts';
import { type ArtifactType, artifactTypes } from './artifact-type.ts';
import type { NumberArray } from './column.ts';
import { fileBytes } from './map-file.ts';

/** A tensor column: `rows` tensors of `shape`, `size` values each, as views of the file. */
export interface TensorView<Values extends Uint8Array | Float32Array = Uint8Array | Float32Array> {
  readonly shape: readonly number[];
  /** Type of a value. */
  readonly type: 'uint8' | 'float32';
  readonly size: number;
  readonly rows: number;
  /** The values of one row, a view. */
  row(index: number): Values;
  /** The values of some rows, copied one after the other. */
  gather(rows: ArrayLike<number>): Values;
}

/** What a column holds: its kind, the type of its numbers, the shape of its tensors. */
export type ColumnType =
  | { readonly kind: 'text' | 'binary' }
  | { readonly kind: 'number' | 'list'; readonly type: NumberType }
  | { readonly kind: 'tensor'; readonly type: NumberType; readonly shape: readonly number[] };

const numberTypes = ['uint8', 'int32', 'uint32', 'float32', 'float64'] as const;

export type NumberType = (typeof numberTypes)[number];

/** An opened artifact. Columns are read by name; a name that is not there throws, since types are checked before. */
export interface Artifact {
  /** The file that it lies in. */
  readonly path: string;
  readonly type: ArtifactType;
  readonly rows: number;
  readonly columns: readonly string[];
  /** Schema metadata, without the prefix `pipe.`. */
  readonly metadata: Readonly<Record<string, string>>;
  has(column: string): boolean;
  /** What a column holds. */
  columnType(column: string): ColumnType;
  /** Numbers, one a row: a view of the file where it is one record batch, else a copy. What is null in files of others is NaN. */
  numbers(column: string): NumberArray;
  texts(column: string): (string | null)[];
  binaries(column: string): Uint8Array[];
  lists(column: string): NumberArray[];
  tensor(column: string): TensorView;
}

const magic = 'ARROW1';

/** Arrow's own magic at both ends and a footer that lies inside the file: a truncated file is told before it is parsed. */
function looksWhole(bytes: Uint8Array): boolean {
  if (bytes.byteLength < 24) return false;
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.toString('latin1', 0, 6) !== magic || view.toString('latin1', view.length - 6) !== magic) return false;
  const footer = view.readInt32LE(view.length - 10);
  return footer > 0 && footer <= view.length - 18;
}

/**
 * Opens an artifact. `bytes` of a foreign file must not come here: apache-arrow's parser can be made to spin by a
 * crafted file. Files of the store have been checked by their digest.
 */
export function openArtifact(path: string): Result<Artifact> {
  let bytes: Uint8Array;
  try {
    bytes = fileBytes(path);
  } catch (problem) {
    return err(systemFailure('cannot read an artifact', problem));
  }
  if (!looksWhole(bytes))
    return err(failure('artifact-damaged', `${path} is not a whole Arrow file (${bytes.byteLength} bytes)`));
  return ok({ ...artifactOf(tableFromIPC(bytes)), path });
}

function metadataOf(table: Table): Record<string, string> {
  const metadata: Record<string, string> = {};
  for (const [key, value] of table.schema.metadata) {
    if (key.startsWith('pipe.')) metadata[key.slice('pipe.'.length)] = value;
  }
  return metadata;
}

function artifactOf(table: Table): Omit<Artifact, 'path'> {
  const names = table.schema.fields.map((field) => field.name);
  const metadata = metadataOf(table);
  const type = artifactTypes.find((known) => known === metadata['type']) ?? 'table';
  const chunks = (column: string): Data[] => {
    const index = names.indexOf(column);
    if (index < 0) throw new Error(`no column ${column}; there are ${names.join(', ')}`);
    return table.batches.map((batch) => batch.data.children[index] as Data);
  };
  return {
    type,
    rows: table.numRows,
    columns: names,
    metadata,
    has: (column) => names.includes(column),
    columnType: (column) => {
      const field = table.schema.fields[names.indexOf(column)];
      if (field === undefined) throw new Error(`no column ${column}; there are ${names.join(', ')}`);
      return columnTypeOf(field);
    },
    numbers: (column) => joined(chunks(column).map(numbersOf)),
    texts: (column) => values<string | null>(table, names.indexOf(column), column),
    binaries: (column) => values<Uint8Array>(table, names.indexOf(column), column),
    lists: (column) => chunks(column).flatMap(listValues),
    tensor: (column) => {
      const field = table.schema.fields[names.indexOf(column)];
      const extension = field?.metadata.get('ARROW:extension:metadata');
      if (extension === undefined) throw new Error(`column ${column} is not a tensor`);
      return tensorView((JSON.parse(extension) as { shape: number[] }).shape, chunks(column));
    },
  };
}

function columnTypeOf({ type, metadata }: Field): ColumnType {
  if (DataType.isUtf8(type)) return { kind: 'text' };
  if (DataType.isBinary(type)) return { kind: 'binary' };
  const inner = type.children?.[0]?.type;
  if (DataType.isFixedSizeList(type) && inner !== undefined) {
    const extension = metadata.get('ARROW:extension:metadata');
    const shape = extension === undefined ? [type.listSize] : (JSON.parse(extension) as { shape: number[] }).shape;
    return { kind: 'tensor', type: numberTypeOf(inner), shape };
  }
  if (DataType.isList(type) && inner !== undefined) return { kind: 'list', type: numberTypeOf(inner) };
  return { kind: 'number', type: numberTypeOf(type) };
}

function numberTypeOf(type: DataType): NumberType {
  const name = String(type).toLowerCase();
  const known = numberTypes.find((one) => one === name);
  if (known === undefined) throw new Error(`no artifact has columns of ${name}`);
  return known;
}

function values<Value>(table: Table, index: number, column: string): Value[] {
  const vector = table.getChildAt(index);
  if (vector === null) throw new Error(`no column ${column}`);
  return [...(vector as unknown as Iterable<Value>)];
}

/** Our own files have no null numbers. In those of others a null has a value behind it that means nothing: it is NaN instead. */
function numbersOf(data: Data): NumberArray {
  const values = data.values.subarray(0, data.length) as NumberArray;
  if (data.nullCount === 0) return values;
  return Float64Array.from(values, (value, row) => (data.getValid(row) ? value : Number.NaN));
}

function listValues(chunk: Data): NumberArray[] {
  const all = numbersOf(chunk.children[0] as Data);
  return Array.from(
    { length: chunk.length },
    (_, row) => all.subarray(chunk.valueOffsets[row], chunk.valueOffsets[row + 1]) as NumberArray,
  );
}

function joined(parts: readonly NumberArray[]): NumberArray {
  if (parts.length === 1) return parts[0] as NumberArray;
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  // Batches with nulls are doubles, those without are what the column is.
  const widest = parts.find((part) => part instanceof Float64Array) ?? parts[0];
  const all = new ((widest?.constructor ?? Float64Array) as new (length: number) => NumberArray)(length);
  let position = 0;
  for (const part of parts) {
    all.set(part, position);
    position += part.length;
  }
  return all;
}

function tensorView(shape: readonly number[], chunks: readonly Data[]): TensorView {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const parts = chunks.map((chunk) => (chunk.children[0] as Data).values as Uint8Array | Float32Array);
  if (chunks.some(({ children, nullCount }) => nullCount > 0 || (children[0]?.nullCount ?? 0) > 0))
    throw new Error('no artifact has tensors with nulls in them');
  const starts: number[] = [];
  let rows = 0;
  for (const chunk of chunks) {
    starts.push(rows);
    rows += chunk.length;
  }
  const row = (index: number): Uint8Array | Float32Array => {
    let part = parts.length - 1;
    while (part > 0 && (starts[part] as number) > index) part--;
    const first = (index - (starts[part] as number)) * size;
    return (parts[part] as Uint8Array).subarray(first, first + size);
  };
  return {
    shape,
    type: parts[0] instanceof Float32Array ? 'float32' : 'uint8',
    size,
    rows,
    row,
    gather: (wanted) => {
      const Kind = (parts[0]?.constructor ?? Uint8Array) as new (length: number) => Uint8Array | Float32Array;
      const gathered = new Kind(wanted.length * size);
      for (let position = 0; position < wanted.length; position++)
        gathered.set(row(wanted[position] as number), position * size);
      return gathered;
    },
  };
}
