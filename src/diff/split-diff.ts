import type { Alignment } from './align.ts';
import type { TableView } from './table-view.ts';
import { numbersOf, textsOf } from './typed-columns.ts';

/** Rows that went from one role or fold to another. */
export interface Move {
  readonly from: string;
  readonly to: string;
  readonly rows: number;
}

/** How two splits differ over the rows that both have. */
export interface SplitDiff {
  readonly kind: 'split';
  readonly rows: number;
  /** Between roles, most rows first. */
  readonly roles: readonly Move[];
  /** Between the folds of the training rows of both, by the folds' numbers, most rows first. */
  readonly folds: readonly Move[];
  readonly movedRoles: number;
  readonly movedFolds: number;
  /** Pairs of rows of one fold that are of one fold still, whatever its number is: the adjusted Rand index, 1 where all are. */
  readonly foldAgreement: number | null;
  /** Test rows of both, of all that are test rows in either. */
  readonly testOverlap: number | null;
  /** Rows that B tests on and A trained on: what A knows of them, B must not be compared by. */
  readonly testedAfterTraining: number;
  readonly trainedAfterTest: number;
  /** Rows by their id that one side has in more than one role: what it tests on it has seen. */
  readonly leakage: { readonly a: number; readonly b: number };
}

/** Compares two splits; undefined where a column is missing. */
export function splitDiff(a: TableView, b: TableView, { toB }: Alignment): SplitDiff | undefined {
  const [rolesA, rolesB] = [textsOf(a, 'role'), textsOf(b, 'role')];
  const [foldsA, foldsB] = [numbersOf(a, 'fold'), numbersOf(b, 'fold')];
  if (!rolesA || !rolesB || !foldsA || !foldsB) return undefined;
  const rows = [...toB.keys()].filter((row) => (toB[row] as number) >= 0);
  const targets = rows.map((row) => toB[row] as number);
  const from = rows.map((row) => rolesA[row] as string);
  const to = targets.map((row) => rolesB[row] as string);
  const inFolds = [...rows.keys()].filter(
    (at) => (foldsA[rows[at] as number] as number) >= 0 && (foldsB[targets[at] as number] as number) >= 0,
  );
  const foldFrom = inFolds.map((at) => String(foldsA[rows[at] as number]));
  const foldTo = inFolds.map((at) => String(foldsB[targets[at] as number]));
  const [roles, folds] = [movesOf(from, to), movesOf(foldFrom, foldTo)];
  const count = (one: string, other: string): number =>
    roles.find((move) => move.from === one && move.to === other)?.rows ?? 0;
  const tested = from.filter((role, at) => role === 'test' || to[at] === 'test').length;
  const testedByBoth = from.filter((role, at) => role === 'test' && to[at] === 'test').length;
  return {
    kind: 'split',
    rows: rows.length,
    roles,
    folds,
    movedRoles: total(roles),
    movedFolds: total(folds),
    foldAgreement: adjustedRand(foldFrom, foldTo),
    testOverlap: tested === 0 ? null : testedByBoth / tested,
    testedAfterTraining: count('train', 'test'),
    trainedAfterTest: count('test', 'train'),
    leakage: { a: leakageOf(a, rolesA), b: leakageOf(b, rolesB) },
  };
}

function total(moves: readonly Move[]): number {
  return moves.reduce((sum, { rows }) => sum + rows, 0);
}

function countPairs(from: readonly string[], to: readonly string[]): Map<string, Move> {
  const counts = new Map<string, Move>();
  from.forEach((one, at) => {
    const other = to[at] as string;
    const name = JSON.stringify([one, other]);
    counts.set(name, { from: one, to: other, rows: (counts.get(name)?.rows ?? 0) + 1 });
  });
  return counts;
}

function movesOf(from: readonly string[], to: readonly string[]): Move[] {
  const moves = [...countPairs(from, to).values()].filter((move) => move.from !== move.to);
  return moves.sort((one, other) => other.rows - one.rows);
}

/** The adjusted Rand index (L. Hubert and P. Arabie, "Comparing partitions", Journal of Classification 2, 1985). */
function adjustedRand(from: readonly string[], to: readonly string[]): number | null {
  if (from.length < 2) return null;
  const choose = (count: number): number => (count * (count - 1)) / 2;
  const sumOf = (counts: Iterable<number>): number => [...counts].reduce((sum, count) => sum + choose(count), 0);
  const sizes = (labels: readonly string[]): Iterable<number> =>
    [...countPairs(labels, labels).values()].map(({ rows }) => rows);
  const together = sumOf([...countPairs(from, to).values()].map(({ rows }) => rows));
  const [ofFrom, ofTo] = [sumOf(sizes(from)), sumOf(sizes(to))];
  const expected = (ofFrom * ofTo) / choose(from.length);
  const most = (ofFrom + ofTo) / 2;
  return most === expected ? 1 : (together - expected) / (most - expected);
}

function leakageOf(view: TableView, roles: readonly string[]): number {
  const ids = numbersOf(view, 'id');
  if (ids === undefined) return 0;
  const first = new Map<number, string>();
  const leaking = new Set<number>();
  ids.forEach((id, row) => {
    const role = roles[row] as string;
    if ((first.get(id) ?? role) !== role) leaking.add(id);
    first.set(id, role);
  });
  return leaking.size;
}
