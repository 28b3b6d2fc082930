import type { Artifact, ColumnType } from '../artifact/reader.ts';

/** How one column of two tables differs over the rows that were paired. */
export interface ColumnDiff {
  readonly name: string;
  readonly type: string;
  /** Where the other table has it of another type. */
  readonly typeAfter?: string;
  /** Paired rows whose value is another one. */
  readonly changed: number;
  /** Of columns of numbers: over the values that differ by more than the tolerance; left out where none has a distance. */
  readonly largest?: number;
  readonly mean?: number;
  readonly before?: NumberStatistics;
  readonly after?: NumberStatistics;
}

export interface NumberStatistics {
  readonly minimum: number;
  readonly maximum: number;
  readonly mean: number;
  /** Values that are not numbers. */
  readonly missing: number;
}

/** Numbers that differ by no more than `absolute + relative * |before|` are the same. */
export interface Tolerance {
  readonly absolute: number;
  readonly relative: number;
}

export const exact: Tolerance = { absolute: 0, relative: 0 };

/** Names a column's type for people: "uint8", "float32[28, 28]", "list of float32". */
export function typeName(type: ColumnType): string {
  switch (type.kind) {
    case 'number':
      return type.type;
    case 'tensor':
      return `${type.type}[${type.shape.join(', ')}]`;
    case 'list':
      return `list of ${type.type}`;
    default:
      return type.kind;
  }
}

/** A column as values of rows: numbers one after the other, or bytes. */
export interface ColumnValues {
  readonly type: ColumnType;
  /** The numbers of a row; of texts and bytes none. */
  numbers(row: number): ArrayLike<number>;
  /** Two rows with the same text are the same; for columns without numbers. */
  text(row: number): string;
  /** A hash of the row's value, the same for equal values of one type. */
  hash(row: number): number;
}

/** Opens a column for comparison. Whole columns are views; nothing is copied row by row. */
export function columnValues(artifact: Artifact, name: string): ColumnValues {
  const type = artifact.columnType(name);
  const none: ArrayLike<number> = [];
  switch (type.kind) {
    case 'number': {
      const values = artifact.numbers(name);
      const one = new Float64Array(1);
      const bytes = new Int32Array(one.buffer);
      return {
        type,
        numbers: (row) => values.subarray(row, row + 1),
        text: () => '',
        hash: (row) => {
          // NaN equals NaN, and 0 equals -0: they are compared as values.
          const value = values[row] as number;
          one[0] = Number.isNaN(value) ? Number.NaN : value === 0 ? 0 : value;
          return Math.imul((bytes[0] as number) ^ Math.imul(bytes[1] as number, 0x9e3779b1), 0x85ebca6b);
        },
      };
    }
    case 'tensor': {
      const view = artifact.tensor(name);
      return { type, numbers: (row) => view.row(row), text: () => '', hash: (row) => hashBytes(view.row(row)) };
    }
    case 'list': {
      const lists = artifact.lists(name);
      const of = (row: number) => lists[row] ?? new Float64Array();
      return { type, numbers: of, text: () => '', hash: (row) => hashBytes(of(row)) };
    }
    case 'text': {
      const texts = artifact.texts(name);
      // A text cannot begin with this character twice: a missing one is no empty one.
      const text = (row: number): string => texts[row] ?? '\u0000\u0000';
      return { type, numbers: () => none, text, hash: (row) => hashText(text(row)) };
    }
    default: {
      const binaries = artifact.binaries(name);
      const of = (row: number): Uint8Array => binaries[row] ?? new Uint8Array();
      return {
        type,
        numbers: () => none,
        text: (row) => Buffer.from(of(row)).toString('latin1'),
        hash: (row) => hashBytes(of(row)),
      };
    }
  }
}

function hashBytes(values: ArrayBufferView): number {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  let hash = 0x811c9dc5;
  const words = bytes.length - (bytes.length % 4);
  for (let at = 0; at < words; at += 4) hash = Math.imul(hash ^ bytes.readInt32LE(at), 0x01000193);
  for (let at = words; at < bytes.length; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  return hash;
}

function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}

function isNumeric({ kind }: ColumnType): boolean {
  return kind === 'number' || kind === 'tensor' || kind === 'list';
}

/** Whether two columns can be compared number by number, whatever their types. */
export function areComparable(one: ColumnType, other: ColumnType): boolean {
  return isNumeric(one) ? isNumeric(other) : one.kind === other.kind;
}

/** How far two rows of numbers are apart, over the values that differ by more than the tolerance. */
export interface RowDifference {
  /** Values that differ; 0 where the rows are the same. */
  readonly values: number;
  /** Of them those that have a distance: from or to NaN or infinity, or to a list of another length, there is none. */
  readonly measured: number;
  readonly largest: number;
  readonly sum: number;
}

/** Compares two rows of numbers. NaN is the same as NaN, 0 the same as -0. */
export function rowDifference(
  before: ArrayLike<number>,
  after: ArrayLike<number>,
  { absolute, relative }: Tolerance,
): RowDifference {
  if (before.length !== after.length)
    return { values: Math.max(before.length, after.length), measured: 0, largest: 0, sum: 0 };
  let [largest, sum, values, measured] = [0, 0, 0, 0];
  for (let at = 0; at < before.length; at++) {
    const [a, b] = [before[at] as number, after[at] as number];
    if (a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
    const distance = Math.abs(a - b);
    // A share of infinity would be a tolerance for everything.
    const isMeasured = Number.isFinite(distance);
    if (isMeasured && distance <= absolute + relative * Math.abs(a)) continue;
    values++;
    if (!isMeasured) continue;
    measured++;
    sum += distance;
    if (distance > largest) largest = distance;
  }
  return { values, measured, largest, sum };
}

/** Compares a column over paired rows. `mark` is told of each pair that differs. */
export function diffColumn(
  name: string,
  before: ColumnValues,
  after: ColumnValues,
  pairs: RowPairs,
  tolerance: Tolerance,
  mark: (pair: number) => void,
): ColumnDiff {
  const facts = {
    name,
    type: typeName(before.type),
    ...(typeName(after.type) === typeName(before.type) ? {} : { typeAfter: typeName(after.type) }),
  };
  let changed = 0;
  if (!isNumeric(before.type)) {
    for (let pair = 0; pair < pairs.count; pair++) {
      if (before.text(pairs.before[pair] as number) === after.text(pairs.after[pair] as number)) continue;
      changed++;
      mark(pair);
    }
    return { ...facts, changed };
  }
  let [largest, sum, measured] = [0, 0, 0];
  const sameBytes = sameRow(before.type, after.type);
  for (let pair = 0; pair < pairs.count; pair++) {
    const [a, b] = [before.numbers(pairs.before[pair] as number), after.numbers(pairs.after[pair] as number)];
    if (sameBytes?.(a, b) === true) continue;
    const difference = rowDifference(a, b, tolerance);
    if (difference.values === 0) continue;
    changed++;
    sum += difference.sum;
    measured += difference.measured;
    largest = Math.max(largest, difference.largest);
    mark(pair);
  }
  return { ...facts, changed, ...(measured === 0 ? {} : { largest, mean: sum / measured }) };
}

/** Wide rows of one type are compared as bytes first: most are equal. */
function sameRow(
  one: ColumnType,
  other: ColumnType,
): ((a: ArrayLike<number>, b: ArrayLike<number>) => boolean) | undefined {
  if (one.kind !== 'tensor' || other.kind !== 'tensor' || one.type !== other.type) return undefined;
  const bytes = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer =>
    Buffer.from(buffer, byteOffset, byteLength);
  return (a, b) => bytes(a as unknown as ArrayBufferView).equals(bytes(b as unknown as ArrayBufferView));
}

/** Minimum, maximum and mean of all numbers of a column, without those that are none; undefined where it has no numbers. */
export function statisticsOf(column: ColumnValues, rows: number): NumberStatistics | undefined {
  if (!isNumeric(column.type)) return undefined;
  let [minimum, maximum, sum, count, missing] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0];
  for (let row = 0; row < rows; row++) {
    const values = column.numbers(row);
    for (let at = 0; at < values.length; at++) {
      const value = values[at] as number;
      if (Number.isNaN(value)) {
        missing++;
        continue;
      }
      count++;
      sum += value;
      if (value < minimum) minimum = value;
      if (value > maximum) maximum = value;
    }
  }
  if (count === 0) return { minimum: Number.NaN, maximum: Number.NaN, mean: Number.NaN, missing };
  return { minimum, maximum, mean: sum / count, missing };
}

/** Rows of two tables that are the same row, in the order of the first. */
export interface RowPairs {
  readonly count: number;
  readonly before: Int32Array;
  readonly after: Int32Array;
}
