import type { Alignment } from './align.ts';
import type { ColumnView } from './column-view.ts';
import type { TableView } from './table-view.ts';
import { classesOf, textsOf, vectorsOf } from './typed-columns.ts';

/** A cell of the confusion matrix: rows of one class that were taken for another. */
export interface CellDifference {
  readonly truth: string;
  readonly predicted: string;
  readonly a: number;
  readonly b: number;
  readonly difference: number;
}

/** How two confusion matrices differ. */
export interface ConfusionDiff {
  readonly kind: 'confusion';
  /** All rows counted. */
  readonly total: { readonly a: number; readonly b: number };
  readonly changedCells: number;
  /** Mistakes with the largest differences of their counts. */
  readonly largest: readonly CellDifference[];
  /** Classes of which more or fewer are right now, the largest differences first. */
  readonly right: readonly CellDifference[];
}

const mostShown = 10;

/** Compares two confusion matrices by their classes' names; undefined where a column is missing. */
export function confusionDiff(a: TableView, b: TableView, { toB }: Alignment): ConfusionDiff | undefined {
  const [truths, countsA, countsB] = [textsOf(a, 'class'), vectorsOf(a, 'counts'), vectorsOf(b, 'counts')];
  if (truths === undefined || countsA === undefined || countsB === undefined) return undefined;
  const namesA = classNames(a, truths);
  const namesB = classNames(b, textsOf(b, 'class') ?? []);
  const places = namesA.map((name) => namesB.indexOf(name));
  const cells = truths.flatMap((truth, row) => {
    const target = toB[row] as number;
    return target < 0 ? [] : cellsOf(truth, namesA, places, countsA.numbers(row), countsB.numbers(target));
  });
  const changed = cells.filter(({ difference }) => difference !== 0);
  changed.sort((one, other) => Math.abs(other.difference) - Math.abs(one.difference));
  return {
    kind: 'confusion',
    total: { a: sumOf(countsA, a.rows), b: sumOf(countsB, b.rows) },
    changedCells: changed.length,
    largest: changed.filter(({ truth, predicted }) => truth !== predicted).slice(0, mostShown),
    right: changed.filter(({ truth, predicted }) => truth === predicted).slice(0, mostShown),
  };
}

/** The names of the columns: as the metadata has them, else those of the rows. */
function classNames(view: TableView, truths: readonly string[]): readonly string[] {
  const names = classesOf(view);
  return names.length > 0 ? names : truths;
}

function cellsOf(
  truth: string,
  names: readonly string[],
  places: readonly number[],
  countsA: ArrayLike<number>,
  countsB: ArrayLike<number>,
): CellDifference[] {
  return names.map((predicted, column) => {
    const [one, other] = [countsA[column] ?? 0, countsB[places[column] ?? -1] ?? 0];
    return { truth, predicted, a: one, b: other, difference: other - one };
  });
}

function sumOf(counts: ColumnView, rows: number): number {
  let sum = 0;
  for (let row = 0; row < rows; row++) for (const count of counts.numbers(row)) sum += count;
  return sum;
}
