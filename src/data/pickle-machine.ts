import { ByteArena, PickleList } from './pickle-list.ts';
import { kindOf, PickleDictionary, PickleError, type PickleValue } from './pickle-values.ts';

/** Longest line of the text opcodes that is no string: a number, a name. */
const longestLine = 300;
/** A string of JavaScript is not longer than this. */
const longestText = 2 ** 29 - 32;

// Bounds on what a file may make of its bytes: far above those of a million images, far below the memory's end.
const mostObjects = 6_000_000;
const mostDictionaries = 10_000;
const mostStacked = 20_000_000;
const mostMarks = 1000;

/** The state of reading a pickle: where in the bytes, the stack with its marks, and the memo. */
export class PickleMachine {
  readonly bytes: Buffer;
  /** Offset of the next byte. */
  position = 0;
  /** Offset of the opcode that is carried out, for messages. */
  opcodeAt = 0;
  stack: PickleValue[] = [];
  readonly #marks: PickleValue[][] = [];
  readonly #arena = new ByteArena();
  #objects = 0;
  #dictionaries = 0;
  readonly #memo = new Map<number, PickleValue>();

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  invalid(what: string): PickleError {
    return new PickleError('pickle-invalid', `${what} at byte ${this.opcodeAt}`);
  }

  refused(what: string): PickleError {
    return new PickleError('pickle-refused', `${what} at byte ${this.opcodeAt}`);
  }

  /** Takes the next bytes; a length beyond the end is a failure, whatever it is. */
  take(length: number): Buffer {
    const left = this.bytes.length - this.position;
    if (length > left)
      throw this.invalid(`ends too early: ${length} bytes were expected, ${left} are left, for the opcode`);
    this.position += length;
    return this.bytes.subarray(this.position - length, this.position);
  }

  uint8(): number {
    const byte = this.bytes[this.position++];
    if (byte === undefined) throw this.invalid('ends too early: one more byte was expected');
    return byte;
  }

  uint16(): number {
    return this.take(2).readUInt16LE();
  }

  uint32(): number {
    return this.take(4).readUInt32LE();
  }

  /** A length of eight bytes, exact as far as any file is long. */
  uint64(): number {
    return Number(this.take(8).readBigUInt64LE());
  }

  text(length: number): string {
    if (length > longestText) throw this.invalid(`has a text of ${length} bytes`);
    return this.take(length).toString('utf8');
  }

  /** The rest of the line, without its end. */
  line(longest: number = longestLine): string {
    const end = this.bytes.indexOf(0x0a, this.position);
    if (end < 0) throw this.invalid('ends inside a line');
    if (end - this.position > longest) throw this.invalid(`has a line of ${end - this.position} bytes`);
    const text = this.bytes.toString('latin1', this.position, end);
    this.position = end + 1;
    return text;
  }

  stringLine(): string {
    return this.line(longestText);
  }

  push(value: PickleValue): void {
    if (typeof value === 'object' && value !== null) {
      const most = value instanceof PickleDictionary ? mostDictionaries : mostObjects;
      const count = value instanceof PickleDictionary ? ++this.#dictionaries : ++this.#objects;
      if (count > most) throw this.invalid(`has more than ${most} lists and other objects`);
    }
    if (this.stack.length >= mostStacked) throw this.invalid(`stacks more than ${mostStacked} values`);
    this.stack.push(value);
  }

  pop(): PickleValue {
    const value = this.stack.pop();
    if (value === undefined) throw this.invalid('takes from an empty stack');
    return value;
  }

  top(): PickleValue {
    const value = this.stack[this.stack.length - 1];
    if (value === undefined) throw this.invalid('looks at an empty stack');
    return value;
  }

  mark(): void {
    if (this.#marks.length >= mostMarks) throw this.invalid(`sets more than ${mostMarks} marks`);
    this.#marks.push(this.stack);
    this.stack = [];
  }

  /** Everything above the last mark, which is taken away. */
  popMark(): PickleValue[] {
    const below = this.#marks.pop();
    if (below === undefined) throw this.invalid('goes back to a mark that was not set');
    const above = this.stack;
    this.stack = below;
    return above;
  }

  remember(index: number): void {
    if (this.#memo.size >= mostObjects) throw this.invalid(`remembers more than ${mostObjects} values`);
    this.#memo.set(index, this.top());
  }

  memoize(): void {
    this.remember(this.#memo.size);
  }

  recall(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) throw this.invalid(`recalls number ${index}, which was not remembered,`);
    this.push(value);
  }

  append(values: readonly PickleValue[]): void {
    const list = this.top();
    if (!(list instanceof PickleList)) throw this.invalid('appends to something that is no list');
    list.append(values, this.#arena);
  }

  setItems(pairs: readonly PickleValue[]): void {
    const dictionary = this.top();
    if (!(dictionary instanceof PickleDictionary) || pairs.length % 2 !== 0) {
      throw this.invalid('sets items of something that is no dictionary');
    }
    for (let index = 0; index < pairs.length; index += 2) {
      dictionary.entries.set(this.keyOf(pairs[index] as PickleValue), pairs[index + 1] as PickleValue);
    }
  }

  /** A dictionary's key as text. */
  keyOf(value: PickleValue): string {
    if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
    if (value !== null && typeof value === 'object')
      throw this.invalid(`has ${kindOf(value)} as a key of a dictionary`);
    return String(value);
  }
}
