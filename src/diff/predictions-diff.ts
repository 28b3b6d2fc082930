import type { Interval } from '../metrics/interval.ts';
import { mcnemarTest } from '../metrics/mcnemar.ts';
import type { Alignment } from './align.ts';
import type { TableView } from './table-view.ts';
import { classesOf, numbersOf } from './typed-columns.ts';
import {
  type Judgement,
  normalPoint995,
  usualMargin,
  usualTrainingDeviation,
  type Verdict,
  verdictOn,
} from './verdict.ts';

/** Accuracies of two models on the same rows. */
export interface AccuracyDifference {
  /** Rows that both predicted, with the same label. */
  readonly rows: number;
  readonly a: number;
  readonly b: number;
  /** B less A, with its 99 % interval. */
  readonly difference: number;
  readonly interval: Interval;
  /** Of McNemar's exact test that both are right equally often. */
  readonly pValue: number;
  /** How far training again with another seed goes: a standard deviation of the accuracy. */
  readonly trainingDeviation: number;
  readonly verdict: Verdict;
}

/** Rows of one class, or that were taken for another, which one of the models has right. */
export interface ClassFlips {
  readonly class: string;
  readonly rows: number;
  readonly rightToWrong: number;
  readonly wrongToRight: number;
}

/** A row that A had right and B has wrong. */
export interface Flip {
  readonly id: number;
  readonly label: string;
  readonly a: string;
  readonly b: string;
}

/** Who predicts what of the same rows. */
export interface PredictionsDiff {
  readonly kind: 'predictions';
  /** Rows that both have; those of which the label is another are left out of all that follows. */
  readonly rows: number;
  readonly otherLabel: number;
  /** Rows of which the predicted class is another. */
  readonly changed: number;
  readonly rightToWrong: number;
  readonly wrongToRight: number;
  /** Wrong in both, but for another class. */
  readonly wrongToWrong: number;
  readonly accuracy: AccuracyDifference;
  /** Classes with flips, most first. */
  readonly classes: readonly ClassFlips[];
  /** The first rows that became wrong. */
  readonly newMistakes: readonly Flip[];
}

const mostShown = 10;

/** Compares predictions of the same rows; undefined where a column is missing or no row is in both. */
export function predictionsDiff(
  a: TableView,
  b: TableView,
  { toB }: Alignment,
  judgement: Judgement = {},
): PredictionsDiff | undefined {
  const [labelsA, labelsB] = [numbersOf(a, 'label'), numbersOf(b, 'label')];
  const [predictedA, predictedB] = [numbersOf(a, 'predicted'), numbersOf(b, 'predicted')];
  const ids = numbersOf(a, 'id');
  if (!labelsA || !labelsB || !predictedA || !predictedB || !ids) return undefined;
  const both = Int32Array.from({ length: a.rows }, (_, row) => row).filter((row) => (toB[row] as number) >= 0);
  const rows = both.filter((row) => labelsA[row] === labelsB[toB[row] as number]);
  if (rows.length === 0) return undefined;
  const truth = rows.map((row) => labelsA[row] as number);
  const first = rows.map((row) => predictedA[row] as number);
  const second = rows.map((row) => predictedB[toB[row] as number] as number);
  const names = classesOf(a);
  const nameOf = (label: number): string => names[label] ?? String(label);
  const counts = countFlips(truth, first, second);
  const flips = counts.newMistakes.map((at) => ({
    id: ids[rows[at] as number] as number,
    label: nameOf(truth[at] as number),
    a: nameOf(first[at] as number),
    b: nameOf(second[at] as number),
  }));
  return {
    kind: 'predictions',
    rows: both.length,
    otherLabel: both.length - rows.length,
    changed: counts.changed,
    rightToWrong: counts.rightToWrong,
    wrongToRight: counts.wrongToRight,
    wrongToWrong: counts.changed - counts.rightToWrong - counts.wrongToRight,
    accuracy: accuracyDifference(truth, first, second, judgement),
    classes: classFlips(truth, first, second).map(({ label, ...rest }) => ({ class: nameOf(label), ...rest })),
    newMistakes: flips,
  };
}

/**
 * The difference of two accuracies on the same rows. Its variance is that of paired proportions for large samples (A. Agresti,
 * "Categorical data analysis", third edition, section 11.1.1), and that of training two models with other seeds. Better or worse is
 * what both McNemar's exact test and this variance say, so that neither few rows nor many make chance a finding.
 */
export function accuracyDifference(
  labels: Int32Array,
  first: Int32Array,
  second: Int32Array,
  { margin = usualMargin, trainingDeviation = usualTrainingDeviation }: Judgement = {},
): AccuracyDifference {
  const rows = labels.length;
  const { onlyFirst, onlySecond, pValue } = mcnemarTest(labels, first, second);
  const right = (predicted: Int32Array): number =>
    predicted.reduce((sum, label, row) => sum + (label === labels[row] ? 1 : 0), 0);
  const difference = (onlySecond - onlyFirst) / rows;
  const ofRows = ((onlyFirst + onlySecond) / rows - difference ** 2) / rows;
  const half = normalPoint995 * Math.sqrt(Math.max(0, ofRows) + 2 * trainingDeviation ** 2);
  const interval = { low: difference - half, high: difference + half };
  const isBeyond = interval.low > 0 || interval.high < 0;
  const verdict = verdictOn(difference, isBeyond ? pValue : 1, interval, margin);
  const accuracies = { a: right(first) / rows, b: right(second) / rows };
  return { rows, ...accuracies, difference, interval, pValue, trainingDeviation, verdict };
}

function countFlips(labels: Int32Array, first: Int32Array, second: Int32Array) {
  const newMistakes: number[] = [];
  let [changed, rightToWrong, wrongToRight] = [0, 0, 0];
  for (let row = 0; row < labels.length; row++) {
    if (first[row] === second[row]) continue;
    changed++;
    if (second[row] === labels[row]) wrongToRight++;
    if (first[row] !== labels[row]) continue;
    rightToWrong++;
    if (newMistakes.length < mostShown) newMistakes.push(row);
  }
  return { changed, rightToWrong, wrongToRight, newMistakes };
}

function classFlips(labels: Int32Array, first: Int32Array, second: Int32Array) {
  const flips = new Map<number, { label: number; rows: number; rightToWrong: number; wrongToRight: number }>();
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row] as number;
    const one = flips.get(label) ?? { label, rows: 0, rightToWrong: 0, wrongToRight: 0 };
    flips.set(label, one);
    one.rows++;
    if (first[row] === second[row]) continue;
    if (first[row] === label) one.rightToWrong++;
    if (second[row] === label) one.wrongToRight++;
  }
  const total = (one: { rightToWrong: number; wrongToRight: number }): number => one.rightToWrong + one.wrongToRight;
  return [...flips.values()].filter((one) => total(one) > 0).sort((one, other) => total(other) - total(one));
}
