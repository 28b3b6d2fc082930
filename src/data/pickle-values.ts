import type { ArrayLayout } from './number-type.ts';

/** Something that a pickle does which is not understood, or must not be done: caught where the file is known. */
export class PickleError extends Error {
  readonly code: 'pickle-invalid' | 'pickle-refused';

  constructor(code: 'pickle-invalid' | 'pickle-refused', message: string) {
    super(message);
    this.code = code;
  }
}

// Shared by all lists that are still empty, and never changed: a file may have millions of those.
const noBytes = new Uint8Array(0);
const noItems: PickleValue[] = [];

/** A Python list. As long as it holds bytes only (the pixels of a row), it takes a byte for each. */
export class PickleList {
  #bytes: Uint8Array | undefined = noBytes;
  #items: PickleValue[] = noItems;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The items when all are whole numbers from 0 to 255. */
  get bytes(): Uint8Array | undefined {
    return this.#bytes?.subarray(0, this.#length);
  }

  at(index: number): PickleValue | undefined {
    return this.#bytes === undefined ? this.#items[index] : this.#bytes[index];
  }

  push(value: PickleValue): void {
    if (
      this.#bytes !== undefined &&
      typeof value === 'number' &&
      value >= 0 &&
      value <= 255 &&
      Number.isInteger(value)
    ) {
      if (this.#length === this.#bytes.length) {
        const larger = new Uint8Array(Math.max(16, this.#bytes.length * 2));
        larger.set(this.#bytes);
        this.#bytes = larger;
      }
      this.#bytes[this.#length++] = value;
      return;
    }
    if (this.#bytes !== undefined) {
      this.#items = Array.from(this.#bytes.subarray(0, this.#length));
      this.#bytes = undefined;
    }
    this.#items.push(value);
    this.#length++;
  }
}

export class PickleTuple {
  readonly items: readonly PickleValue[];

  constructor(items: readonly PickleValue[]) {
    this.items = items;
  }
}

/** A Python dictionary; keys are texts, or numbers as text. */
export class PickleDictionary {
  readonly entries: Map<string, PickleValue> = new Map();
}

/** A NumPy type: the code without byte order (`u1`), and the order, which comes later, by BUILD. */
export class PickleType {
  readonly name: string;
  byteOrder = '=';

  constructor(name: string) {
    this.name = name;
  }
}

/** A NumPy array; it has no content until BUILD gives it. */
export class PickleArray {
  content:
    | {
        readonly layout: ArrayLayout;
        readonly shape: readonly number[];
        readonly fortran: boolean;
        readonly bytes: Uint8Array;
      }
    | undefined;
}

/** The functions and classes that are understood, as names: nothing is ever called. */
export type PickleGlobal = 'reconstruct' | 'scalar' | 'frombuffer' | 'ndarray' | 'dtype' | 'encode' | 'bytes';

export class PickleReference {
  readonly global: PickleGlobal;

  constructor(global: PickleGlobal) {
    this.global = global;
  }
}

export type PickleValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | PickleList
  | PickleTuple
  | PickleDictionary
  | PickleType
  | PickleArray
  | PickleReference;

/** What a value is, for messages. */
export function kindOf(value: PickleValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'None';
  if (value instanceof Uint8Array) return 'bytes';
  if (value instanceof PickleList) return `a list of ${value.length}`;
  if (value instanceof PickleTuple) return `a tuple of ${value.items.length}`;
  if (value instanceof PickleDictionary) return 'a dictionary';
  if (value instanceof PickleType) return 'a NumPy type';
  if (value instanceof PickleArray) return 'a NumPy array';
  if (value instanceof PickleReference) return `the name ${value.global}`;
  return `a ${typeof value}`;
}

/** Text of a string, or of bytes where Python 2 wrote a string. */
export function textOf(value: PickleValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof Uint8Array && value.length < 1000 ? Buffer.from(value).toString('latin1') : undefined;
}
