import type { ArrayLayout } from './number-type.ts';
import { PickleList } from './pickle-list.ts';

/** Something that a pickle does which is not understood, or must not be done: caught where the file is known. */
export class PickleError extends Error {
  readonly code: 'pickle-invalid' | 'pickle-refused';

  constructor(code: 'pickle-invalid' | 'pickle-refused', message: string) {
    super(message);
    this.code = code;
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
