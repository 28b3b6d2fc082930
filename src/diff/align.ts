import type { ArtifactType } from '../artifact/artifact-type.ts';
import { hasDuplicates, matchRows } from './match-rows.ts';
import { movedRows } from './moved-rows.ts';
import { type ColumnPair, columnPairs, comparable, type TableView } from './table-view.ts';

/** How rows of two tables were found to be the same ones. */
export interface AlignmentRule {
  /**
   * `digest`: the files are the same; `key`: columns that name a row; `row-hash`: rows without a key that are the same, and between
   * them those that stand at the same place; `position`: the first with the first, and so on.
   */
  readonly by: 'digest' | 'key' | 'row-hash' | 'position';
  /** The columns of the key. */
  readonly key?: readonly string[];
  /** Why no better rule served, in words. */
  readonly because?: string;
}

/** Which row of A is which row of B. */
export interface Alignment {
  readonly rule: AlignmentRule;
  /** For each row of A its row of B; -1 where it was removed. */
  readonly toB: Int32Array;
  /** For each row of A whether it moved among the others. */
  readonly moved: Uint8Array;
  /** Rows of B that are in none of A. */
  readonly added: Int32Array;
}

/** The columns that name a row, by the type of an artifact. */
const keysOfTypes: Readonly<Partial<Record<ArtifactType, readonly string[]>>> = {
  selection: ['params'],
  'cv-results': ['params'],
  weights: ['name'],
  history: ['epoch'],
  'fold-scores': ['epoch'],
  decisions: ['round', 'params', 'epochs'],
  metrics: ['metric', 'average', 'class'],
  confusion: ['class'],
  timings: ['phase'],
  blob: ['name'],
};

/** Aligns the rows of two tables by the first rule that serves. `key` names the columns instead of those that the type has. */
export function alignRows(a: TableView, b: TableView, key?: readonly string[]): Alignment {
  const pairs = columnPairs(a, b).filter(comparable);
  const names = key ?? keysOfTypes[a.artifact.type] ?? ['id'];
  const keys = names.flatMap((name) => pairs.find((pair) => pair.name === name) ?? []);
  const because = whyNoKey(a, b, names, keys);
  if (because === undefined) return aligned({ by: 'key', key: names }, matchRows(keys, a.rows, b.rows), b.rows);
  const toB = pairs.length === 0 ? new Int32Array(a.rows).fill(-1) : matchRows(pairs, a.rows, b.rows);
  const matched = toB.reduce((sum, row) => sum + (row >= 0 ? 1 : 0), 0);
  // Where few rows are the same, rows by their place say more than that nearly all are others.
  if (2 * matched < Math.max(a.rows, b.rows) && a.rows === b.rows) {
    const why = `${because}; ${matched} of ${a.rows} rows are the same`;
    return aligned({ by: 'position', because: why }, positions(a.rows, b.rows), b.rows);
  }
  return aligned({ by: 'row-hash', because }, withNeighbours(toB, b.rows), b.rows);
}

function whyNoKey(
  a: TableView,
  b: TableView,
  names: readonly string[],
  keys: readonly ColumnPair[],
): string | undefined {
  const [name, verb] = [names.join(', '), names.length === 1 ? 'is' : 'are'];
  if (keys.length < names.length) return `${name} ${verb} not in both`;
  if (hasDuplicates(keys, 'a', a.rows)) return `${name} ${verb} not unique in A`;
  return hasDuplicates(keys, 'b', b.rows) ? `${name} ${verb} not unique in B` : undefined;
}

function positions(rowsA: number, rowsB: number): Int32Array {
  return Int32Array.from({ length: rowsA }, (_, row) => (row < rowsB ? row : -1));
}

function aligned(rule: AlignmentRule, toB: Int32Array, rowsB: number): Alignment {
  return { rule, toB, moved: movedRows(toB), added: unmatched(toB, rowsB) };
}

function unmatched(toB: Int32Array, rowsB: number): Int32Array {
  const found = new Uint8Array(rowsB);
  for (const row of toB) if (row >= 0) found[row] = 1;
  return Int32Array.from({ length: rowsB }, (_, row) => row).filter((row) => found[row] === 0);
}

/** Rows without an equal one that stand between the same two neighbours, as many in A as in B, are the same rows, changed. */
function withNeighbours(toB: Int32Array, rowsB: number): Int32Array {
  const found = new Uint8Array(rowsB + 1);
  for (const row of toB) if (row >= 0) found[row] = 1;
  found[rowsB] = 1;
  const paired = toB.slice();
  for (let first = 0; first < toB.length; first++) {
    if ((toB[first] as number) >= 0) continue;
    let end = first;
    while (end < toB.length && (toB[end] as number) < 0) end++;
    const start = first === 0 ? 0 : (toB[first - 1] as number) + 1;
    let endB = start;
    while (found[endB] === 0) endB++;
    const last = end === toB.length ? rowsB : (toB[end] as number);
    if (endB === last && endB - start === end - first)
      for (let at = 0; at < end - first; at++) paired[first + at] = start + at;
    first = end;
  }
  return paired;
}
