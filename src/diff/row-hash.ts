import type { Chunk, ColumnView } from './column-view.ts';
import { decidedByBytes } from './same-values.ts';
import type { ColumnPair } from './table-view.ts';

/** One step of MurmurHash3 (A. Appleby, 2011) over 32 bits. */
function mixed(hash: number, word: number): number {
  let value = Math.imul(word, 0xcc9e2d51);
  value = Math.imul((value << 15) | (value >>> 17), 0x1b873593);
  const next = hash ^ value;
  return (Math.imul((next << 13) | (next >>> 19), 5) + 0xe6546b64) | 0;
}

/** Spreads the last bits (MurmurHash3's finaliser). */
function finished(hash: number): number {
  let value = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return value ^ (value >>> 16);
}

/** Numbers that count as the same get the same hash, whatever type they are stored in: as doubles, one NaN, no -0. */
function hashNumbers(hash: number, { values }: Chunk, start: number, count: number, scratch: Scratch): number {
  let next = hash;
  for (let at = start; at < start + count; at++) {
    const value = values[at] as number;
    scratch.double[0] = value === 0 ? 0 : Number.isNaN(value) ? Number.NaN : value;
    next = mixed(mixed(next, scratch.words[0] as number), scratch.words[1] as number);
  }
  return next;
}

interface Scratch {
  readonly double: Float64Array;
  readonly words: Int32Array;
}

function hashBytes(hash: number, chunk: Chunk, words: Int32Array | undefined, start: number, count: number): number {
  const [from, to] = [start * chunk.width, (start + count) * chunk.width];
  let next = hash;
  let at = from;
  // By the same rule on both sides: four bytes at a time, little-endian, then those that are left.
  if (words !== undefined && (at & 3) === 0) for (; at + 4 <= to; at += 4) next = mixed(next, words[at >> 2] as number);
  else for (; at + 4 <= to; at += 4) next = mixed(next, chunk.bytes.readInt32LE(at));
  for (; at < to; at++) next = mixed(next, chunk.bytes[at] as number);
  return next;
}

function wordsOf({ bytes }: Chunk): Int32Array | undefined {
  return bytes.byteOffset % 4 === 0 ? new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2) : undefined;
}

function addColumn(hashes: Int32Array, column: ColumnView, byBytes: boolean): void {
  const double = new Float64Array(1);
  const scratch: Scratch = { double, words: new Int32Array(double.buffer) };
  for (const chunk of column.chunks) {
    const words = wordsOf(chunk);
    for (let row = chunk.first; row < chunk.first + chunk.rows; row++) {
      const before = hashes[row] as number;
      const count = column.count(chunk, row);
      if (column.isNull(chunk, row)) hashes[row] = mixed(before, -1);
      else if (byBytes) hashes[row] = mixed(hashBytes(before, chunk, words, column.start(chunk, row), count), count);
      else hashes[row] = mixed(hashNumbers(before, chunk, column.start(chunk, row), count, scratch), count);
    }
  }
}

/**
 * A 32-bit hash of each row of one side over the columns of the pairs. Rows that are the same have the same hash on both sides; rows of
 * the same hash must still be compared.
 */
export function rowHashes(pairs: readonly ColumnPair[], side: 'a' | 'b', rows: number): Int32Array {
  const hashes = new Int32Array(rows);
  for (const pair of pairs) addColumn(hashes, pair[side], decidedByBytes(pair));
  for (let row = 0; row < rows; row++) hashes[row] = finished(hashes[row] as number);
  return hashes;
}
