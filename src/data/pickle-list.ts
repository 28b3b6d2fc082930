import type { PickleValue } from './pickle-values.ts';

const chunkSize = 1 << 20;

/** Memory for the bytes of many short lists: an array of their own would cost each of them more than its bytes. */
export class ByteArena {
  chunk: Uint8Array = new Uint8Array(0);
  used = 0;

  /** Makes sure that the current chunk has room for so many bytes more. */
  reserve(length: number): void {
    if (this.used + length <= this.chunk.length) return;
    this.chunk = new Uint8Array(Math.max(chunkSize, length));
    this.used = 0;
  }
}

function isByte(value: PickleValue): value is number {
  return typeof value === 'number' && value >= 0 && value <= 255 && Number.isInteger(value) && !Object.is(value, -0);
}

const noBytes = new Uint8Array(0);

/** A Python list. While it holds bytes only (the pixels of a row) and grows at the arena's end, it lies there. */
export class PickleList {
  #chunk: Uint8Array = noBytes;
  #start = 0;
  #length = 0;
  #items: PickleValue[] | undefined;

  get length(): number {
    return this.#length;
  }

  at(index: number): PickleValue | undefined {
    if (this.#items !== undefined) return this.#items[index];
    return index < this.#length ? this.#chunk[this.#start + index] : undefined;
  }

  /** The items when all are known to be whole numbers from 0 to 255. */
  bytes(): Uint8Array | undefined {
    return this.#items === undefined ? this.#chunk.subarray(this.#start, this.#start + this.#length) : undefined;
  }

  append(values: readonly PickleValue[], arena: ByteArena): void {
    if (this.#items === undefined && values.every(isByte) && this.#grow(values.length, arena)) {
      for (const value of values) arena.chunk[arena.used++] = value;
    } else {
      this.#items ??= Array.from(this.#chunk.subarray(this.#start, this.#start + this.#length));
      for (const value of values) this.#items.push(value);
    }
    this.#length += values.length;
  }

  /** Whether the next bytes of the arena are, or become, the next ones of this list. Bytes are never moved. */
  #grow(length: number, arena: ByteArena): boolean {
    if (this.#length === 0) {
      arena.reserve(length);
      this.#chunk = arena.chunk;
      this.#start = arena.used;
      return true;
    }
    const last = this.#chunk === arena.chunk && this.#start + this.#length === arena.used;
    return last && arena.used + length <= arena.chunk.length;
  }
}
