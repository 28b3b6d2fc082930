/** Arrays that a number column can be made of; the column's Arrow type follows from the array's. */
export type NumberArray = Uint8Array | Int32Array | Uint32Array | Float32Array | Float64Array;

/** A column of numbers, one a row. */
export interface NumberColumn {
  readonly name: string;
  readonly kind: 'number';
  readonly values: NumberArray;
}

/** A column of texts; null where a row has none. */
export interface TextColumn {
  readonly name: string;
  readonly kind: 'text';
  readonly values: readonly (string | null)[];
}

/** A column of byte strings. */
export interface BinaryColumn {
  readonly name: string;
  readonly kind: 'binary';
  readonly values: readonly Uint8Array[];
}

/** A column of equally shaped tensors, row after row in one array; Arrow's `arrow.fixed_shape_tensor`. */
export interface TensorColumn {
  readonly name: string;
  readonly kind: 'tensor';
  /** Shape of one row, for example [28, 28]. */
  readonly shape: readonly number[];
  /** rows * product(shape) values. */
  readonly values: Uint8Array | Float32Array;
}

/** A column of lists of numbers of any length. */
export interface ListColumn {
  readonly name: string;
  readonly kind: 'list';
  readonly values: readonly (Float32Array | Int32Array | Float64Array)[];
}

export type Column = NumberColumn | TextColumn | BinaryColumn | TensorColumn | ListColumn;

/** Rows as they are written to an artifact; the keys of `metadata` are stored under `pipe.`. */
export interface TableData {
  readonly columns: readonly Column[];
  readonly metadata?: Readonly<Record<string, string>>;
}
