import type { Alignment } from './align.ts';
import type { ColumnView } from './column-view.ts';
import { type LinearRelation, linearRelation, ruleText } from './linear-relation.ts';
import { sameValue } from './same-values.ts';
import { worstOf } from './sampled-rows.ts';
import type { TableView } from './table-view.ts';
import { comparable } from './table-view.ts';
import { classesOf, columnOf, numbersOf, vectorsOf } from './typed-columns.ts';

/** A picture that differs. */
export interface ChangedPicture {
  /** Rows of both sides. */
  readonly a: number;
  readonly b: number;
  readonly id: number | null;
  readonly label: string;
  /** Mean difference of its values. */
  readonly difference: number;
}

/** How the pictures and labels of two sets of samples differ. */
export interface SamplesDiff {
  readonly kind: 'samples';
  /** Height and width, where both have the same. */
  readonly shape: readonly number[];
  /** Pictures of both, and those that differ. */
  readonly pictures: number;
  readonly changed: number;
  /** Pictures with the largest mean differences, the worst first. */
  readonly worst: readonly ChangedPicture[];
  /** The one rule that explains all values, where there is one. */
  readonly relation?: LinearRelation;
  /** The same pixels that are divided by another number before training. */
  readonly scale?: { readonly a: number; readonly b: number; readonly rule: string };
  /** The mean over all pictures of each side, value by value; left out where no picture differs, came or went. */
  readonly means?: { readonly a: readonly number[]; readonly b: readonly number[]; readonly largest: number };
  /** Rows of both with another label, by labels, most rows first. */
  readonly labels: readonly { readonly from: string; readonly to: string; readonly rows: number }[];
}

/** Compares pictures and labels; undefined where there are no pictures of one shape on both sides. */
export function samplesDiff(a: TableView, b: TableView, alignment: Alignment): SamplesDiff | undefined {
  const [imagesA, imagesB] = [vectorsOf(a, 'image'), vectorsOf(b, 'image')];
  if (imagesA?.shape === undefined || imagesB?.shape === undefined) return undefined;
  if (!comparable({ name: 'image', a: imagesA, b: imagesB })) return undefined;
  const { score, changed, pictures } = differences(imagesA, imagesB, alignment);
  const [names, labels, ids] = [classesOf(a), numbersOf(a, 'label'), numbersOf(a, 'id')];
  const nameOf = (row: number): string => names[labels?.[row] ?? -1] ?? String(labels?.[row] ?? '');
  const relation = changed === 0 ? undefined : linearRelation(imagesA, imagesB, alignment);
  const scale = scaleOf(a, b);
  const isSame = changed === 0 && a.rows === pictures && b.rows === pictures;
  return {
    kind: 'samples',
    shape: imagesA.shape,
    pictures,
    changed,
    worst: worstOf(score).map((row) => ({
      a: row,
      b: alignment.toB[row] as number,
      id: ids?.[row] ?? null,
      label: nameOf(row),
      difference: score[row] as number,
    })),
    ...(relation === undefined ? {} : { relation }),
    ...(scale === undefined ? {} : { scale }),
    ...(isSame ? {} : { means: meansOf(imagesA, imagesB) }),
    labels: changedLabels(a, b, alignment),
  };
}

/** The mean difference of each picture of A from its one of B; 0 where it is the same or has none. */
function differences(a: ColumnView, b: ColumnView, { toB }: Alignment) {
  const pair = { name: a.name, a, b };
  const score = new Float64Array(toB.length);
  let [changed, pictures] = [0, 0];
  for (let row = 0; row < toB.length; row++) {
    const target = toB[row] as number;
    if (target < 0) continue;
    pictures++;
    if (sameValue(pair, row, target)) continue;
    changed++;
    const [one, other] = [a.numbers(row), b.numbers(target)];
    let sum = 0;
    for (let at = 0; at < one.length; at++) sum += Math.abs((one[at] as number) - (other[at] as number));
    score[row] = sum / one.length;
  }
  return { score, changed, pictures };
}

function scaleOf(a: TableView, b: TableView): SamplesDiff['scale'] {
  const [one, other] = [Number(a.artifact.metadata['scale']), Number(b.artifact.metadata['scale'])];
  if (!(one > 0 && other > 0) || one === other) return undefined;
  return { a: one, b: other, rule: ruleText(one / other, 0) };
}

function meansOf(a: ColumnView, b: ColumnView): NonNullable<SamplesDiff['means']> {
  const [one, other] = [meanOf(a), meanOf(b)];
  const largest = one.reduce((most, value, at) => Math.max(most, Math.abs(value - (other[at] ?? 0))), 0);
  return { a: [...one], b: [...other], largest };
}

function meanOf(column: ColumnView): Float64Array {
  const sums = new Float64Array(column.size ?? 0);
  let rows = 0;
  for (const chunk of column.chunks) {
    rows += chunk.rows;
    const { values } = chunk;
    for (let row = 0; row < chunk.rows; row++) {
      const start = row * sums.length;
      for (let at = 0; at < sums.length; at++) sums[at] = (sums[at] as number) + (values[start + at] as number);
    }
  }
  return rows === 0 ? sums : sums.map((sum) => sum / rows);
}

function changedLabels(a: TableView, b: TableView, { toB }: Alignment): SamplesDiff['labels'] {
  const [labelsA, labelsB] = [numbersOf(a, 'label'), numbersOf(b, 'label')];
  if (labelsA === undefined || labelsB === undefined || columnOf(a, 'label') === undefined) return [];
  const [namesA, namesB] = [classesOf(a), classesOf(b)];
  const counts = new Map<string, { from: string; to: string; rows: number }>();
  for (let row = 0; row < toB.length; row++) {
    const target = toB[row] as number;
    if (target < 0) continue;
    const [one, other] = [labelsA[row] as number, labelsB[target] as number];
    // Labels are the same where they are called the same.
    const [from, to] = [namesA[one] ?? String(one), namesB[other] ?? String(other)];
    if (from === to) continue;
    const name = `${one} ${other}`;
    counts.set(name, { from, to, rows: (counts.get(name)?.rows ?? 0) + 1 });
  }
  return [...counts.values()].sort((one, other) => other.rows - one.rows);
}
