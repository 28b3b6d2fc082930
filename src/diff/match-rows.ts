import { rowHashes } from './row-hash.ts';
import { sameRow } from './same-values.ts';
import type { ColumnPair } from './table-view.ts';

/** Rows by their hash: chains of rows in their order, in two arrays. */
class RowIndex {
  readonly #heads: Int32Array;
  readonly #next: Int32Array;
  readonly #hashes: Int32Array;
  readonly #mask: number;

  constructor(hashes: Int32Array) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(2, 2 * hashes.length)));
    this.#mask = size - 1;
    this.#hashes = hashes;
    this.#heads = new Int32Array(size).fill(-1);
    this.#next = new Int32Array(hashes.length).fill(-1);
    // From the last to the first, so that a chain begins with the first row.
    for (let row = hashes.length - 1; row >= 0; row--) {
      const slot = (hashes[row] as number) & this.#mask;
      this.#next[row] = this.#heads[slot] as number;
      this.#heads[slot] = row;
    }
  }

  /** Finds the first row of a hash that is accepted, and takes it out where `take` is set; -1 where there is none. */
  find(hash: number, accept: (row: number) => boolean, take: boolean): number {
    const slot = hash & this.#mask;
    let before = -1;
    for (let row = this.#heads[slot] as number; row >= 0; row = this.#next[row] as number) {
      if (this.#hashes[row] === hash && accept(row)) {
        if (take && before < 0) this.#heads[slot] = this.#next[row] as number;
        else if (take) this.#next[before] = this.#next[row] as number;
        return row;
      }
      before = row;
    }
    return -1;
  }
}

/**
 * For each row of A the row of B that is the same in these columns, or -1. Of several that are the same the first goes with the first,
 * and so on.
 */
export function matchRows(pairs: readonly ColumnPair[], rowsA: number, rowsB: number): Int32Array {
  const toB = new Int32Array(rowsA).fill(-1);
  // Rows that stand at the same place are the most common case, which needs no index.
  let first = 0;
  while (first < rowsA && first < rowsB && sameRow(pairs, first, first)) {
    toB[first] = first;
    first++;
  }
  if (first === rowsA || first === rowsB) return toB;
  const hashesA = rowHashes(pairs, 'a', rowsA);
  const index = new RowIndex(hashesA);
  // Only what is left may be taken: the first rows are, and would be found before the others.
  for (let row = 0; row < first; row++) index.find(hashesA[row] as number, (other) => other === row, true);
  const hashesB = rowHashes(pairs, 'b', rowsB);
  for (let row = first; row < rowsB; row++) {
    const found = index.find(hashesB[row] as number, (other) => sameRow(pairs, other, row), true);
    if (found >= 0) toB[found] = row;
  }
  return toB;
}

/** Whether two rows of one side are the same in these columns. */
export function hasDuplicates(pairs: readonly ColumnPair[], side: 'a' | 'b', rows: number): boolean {
  const own = pairs.map((pair) => ({ name: pair.name, a: pair[side], b: pair[side] }));
  if (own.every((pair) => isIncreasing(pair, rows))) return own.length === 0 && rows > 1;
  const hashes = rowHashes(own, 'a', rows);
  const index = new RowIndex(hashes);
  for (let row = 0; row < rows; row++)
    if (index.find(hashes[row] as number, (other) => other !== row && sameRow(own, other, row), false) >= 0)
      return true;
  return false;
}

/** Whether a column of single numbers grows from row to row: then no two are the same. */
function isIncreasing({ a }: ColumnPair, rows: number): boolean {
  if (a.kind !== 'numbers' || a.size !== 1) return false;
  let last = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < rows; row++) {
    const chunk = a.chunkOf(row);
    const value = chunk.values[row - chunk.first] as number;
    if (a.isNull(chunk, row) || !(value > last)) return false;
    last = value;
  }
  return true;
}
