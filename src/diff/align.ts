import type { ColumnValues, RowPairs } from './column-diff.ts';

/** How the rows of two tables were paired. */
export type Alignment = 'key' | 'content' | 'position';

export interface Aligned {
  readonly by: Alignment;
  readonly pairs: RowPairs;
  /** Rows of the second table that are not in the first, and the other way round; ascending. */
  readonly added: Int32Array;
  readonly removed: Int32Array;
  /** Paired rows that stand at another place among the others. */
  readonly moved: number;
}

/** A text for each row that tells it from all others; undefined where rows share one. */
export function uniqueKeys(columns: readonly ColumnValues[], rows: number): Map<string | number, number> | undefined {
  const keys = new Map<string | number, number>();
  const [only] = columns;
  for (let row = 0; row < rows; row++) {
    const key =
      columns.length === 1 && only?.type.kind === 'number'
        ? (only.numbers(row)[0] as number)
        : columns
            .map((column) => (column.type.kind === 'number' ? String(column.numbers(row)[0]) : column.text(row)))
            .join('\u0001');
    if (keys.has(key)) return undefined;
    keys.set(key, row);
  }
  return keys;
}

/** Pairs rows by keys that are unique in both tables. */
export function alignByKey(before: Map<string | number, number>, after: Map<string | number, number>): Aligned {
  const pairs: [number, number][] = [];
  const removed: number[] = [];
  for (const [key, row] of before) {
    const other = after.get(key);
    if (other === undefined) removed.push(row);
    else pairs.push([row, other]);
  }
  const added: number[] = [];
  for (const [key, row] of after) if (!before.has(key)) added.push(row);
  return aligned('key', pairs, added, removed);
}

/**
 * Pairs rows whose content is the same, each once; what is left over and stands between the same neighbours is taken for a row that
 * changed, else for one that was added or removed. `same` compares two rows whose hashes are equal.
 */
export function alignByContent(
  before: Int32Array,
  after: Int32Array,
  same: (before: number, after: number) => boolean,
): Aligned {
  const waiting = new Map<number, number[]>();
  after.forEach((hash, row) => {
    const list = waiting.get(hash);
    if (list === undefined) waiting.set(hash, [row]);
    else list.push(row);
  });
  // From behind, so that the first of many that are alike is taken at once.
  for (const list of waiting.values()) list.reverse();
  const partner = new Int32Array(before.length).fill(-1);
  const taken = new Uint8Array(after.length);
  before.forEach((hash, row) => {
    const list = waiting.get(hash);
    if (list === undefined) return;
    const at = list.findLastIndex((other) => same(row, other));
    if (at < 0) return;
    const [other] = list.splice(at, 1) as [number];
    partner[row] = other;
    taken[other] = 1;
  });
  const pairs: [number, number][] = [];
  const removed: number[] = [];
  let previous = -1;
  for (let row = 0; row < before.length; row++) {
    const other = partner[row] as number;
    if (other >= 0) {
      pairs.push([row, other]);
      previous = other;
      continue;
    }
    const candidate = previous + 1;
    if (candidate < after.length && taken[candidate] === 0) {
      taken[candidate] = 1;
      pairs.push([row, candidate]);
      previous = candidate;
    } else removed.push(row);
  }
  const added = [...taken.keys()].filter((row) => taken[row] === 0);
  return aligned('content', pairs, added, removed);
}

/** The first row with the first, the second with the second; what one table has more is added or removed at the end. */
export function alignByPosition(before: number, after: number): Aligned {
  const both = Math.min(before, after);
  const pairs = Array.from({ length: both }, (_, row): [number, number] => [row, row]);
  const rest = (from: number, to: number): number[] =>
    Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at);
  return aligned('position', pairs, rest(both, after), rest(both, before));
}

function aligned(by: Alignment, pairs: [number, number][], added: number[], removed: number[]): Aligned {
  pairs.sort(([one], [other]) => one - other);
  const before = Int32Array.from(pairs, ([row]) => row);
  const after = Int32Array.from(pairs, ([, row]) => row);
  return {
    by,
    pairs: { count: pairs.length, before, after },
    added: Int32Array.from(added).sort(),
    removed: Int32Array.from(removed).sort(),
    moved: pairs.length - longestRun(after),
  };
}

/** Length of the longest increasing subsequence (C. Schensted, 1961): the most rows that keep their order. */
function longestRun(values: Int32Array): number {
  const tails = new Int32Array(values.length);
  let length = 0;
  for (const value of values) {
    let [low, high] = [0, length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((tails[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    tails[low] = value;
    if (low === length) length++;
  }
  return length;
}
