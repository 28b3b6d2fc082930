import type { Artifact } from '../artifact/reader.ts';
import { normalPoint975 } from '../metrics/interval.ts';
import { mcnemarTest } from '../metrics/mcnemar.ts';
import { normalShare } from '../metrics/normal.ts';
import { pairedDifference } from '../metrics/paired-difference.ts';
import { usualTrainingDeviation } from './training-luck.ts';

/** What a difference of two scores comes to. */
export type DiffVerdict = 'better' | 'worse' | 'equivalent' | 'noise' | 'changed';

/** A score in two runs. */
export interface ScoreDiff {
  /** `accuracy`, `macro f1`. */
  readonly name: string;
  readonly before: number;
  readonly after: number;
  readonly difference: number;
  /** 95 % interval of the difference, where one can be told. */
  readonly interval?: readonly [number, number];
  readonly pValue?: number;
  /** What it was judged by; the p-value is the larger one of both where there are two tests. */
  readonly by?: 'McNemar' | 'McNemar and seeds' | 'intervals';
  /** How far training again with another seed goes: a standard deviation, as it was reckoned with. */
  readonly trainingDeviation?: number;
  readonly verdict: DiffVerdict;
}

/**
 * Differences that chance alone makes at least once in a hundred times are called noise. Stricter than the usual one in twenty: a
 * diff is looked at after every change, and each look is another chance to be fooled.
 */
export const significance = 0.01;
/** Scores within this are equivalent where the whole interval of their difference is. */
const margin = 0.01;

/** Rows that are shown of those that turned. */
const mostExamples = 8;
/** Scores where less is better. */
const lower: ReadonlySet<string> = new Set(['log_loss', 'brier', 'expected_calibration_error']);

/** Verdict on a difference by its p-value and interval. */
export function verdictOn(
  name: string,
  difference: number,
  pValue: number,
  interval: readonly [number, number],
): DiffVerdict {
  if (pValue < significance) return difference > 0 !== lower.has(name) ? 'better' : 'worse';
  return interval[0] > -margin && interval[1] < margin ? 'equivalent' : 'noise';
}

/** The predictions that two `metrics` artifacts are of. */
export interface PairedPredictions {
  readonly before: Artifact;
  readonly after: Artifact;
  /** How far training again goes; 0 where both are of the same weights. */
  readonly trainingDeviation?: number;
}

/** Compares the scores of two `metrics` artifacts; with the predictions of both the accuracy is judged row by row. */
export function diffScores(before: Artifact, after: Artifact, predictions?: PairedPredictions): ScoreDiff[] {
  const now = new Map(scoresOf(after).map((score) => [score.name, score]));
  const paired = predictions === undefined ? undefined : pairedAccuracy(predictions);
  return scoresOf(before).flatMap((score): ScoreDiff[] => {
    const other = now.get(score.name);
    if (other === undefined) return [];
    const difference = other.value - score.value;
    const facts = { name: score.name, before: score.value, after: other.value, difference };
    if (score.name === 'accuracy' && paired !== undefined)
      return [{ ...facts, ...paired, verdict: verdictOn(score.name, difference, paired.pValue, paired.interval) }];
    // Two intervals of 95 % are 3.92 standard errors wide.
    const errors = [score, other].map(({ low, high }) => (high - low) / 3.919927969080108);
    const error = Math.hypot(...errors);
    if (!(error > 0)) return [{ ...facts, verdict: difference === 0 ? 'equivalent' : 'changed' }];
    const pValue = 2 * normalShare(-Math.abs(difference) / error);
    const half = 1.959963984540054 * error;
    const interval = [difference - half, difference + half] as const;
    return [
      { ...facts, interval, pValue, by: 'intervals', verdict: verdictOn(score.name, difference, pValue, interval) },
    ];
  });
}

function scoresOf(artifact: Artifact): { name: string; value: number; low: number; high: number }[] {
  const averages = artifact.texts('average');
  const [values, low, high] = ['value', 'low', 'high'].map((column) => artifact.numbers(column));
  return artifact.texts('metric').flatMap((metric, row) => {
    const average = averages[row] ?? '';
    if (average === 'class') return [];
    const number = (list: ArrayLike<number> | undefined): number => list?.[row] ?? Number.NaN;
    return [
      {
        name: average === '' ? (metric ?? '') : `${average} ${metric}`,
        value: number(values),
        low: number(low),
        high: number(high),
      },
    ];
  });
}

/** Rows that both predicted, in the order of the first. */
function commonRows(before: Artifact, after: Artifact) {
  const place = new Map(Array.from(after.numbers('id'), (id, row) => [id, row]));
  const rows = Array.from(before.numbers('id')).flatMap((id, row): [number, number][] => {
    const other = place.get(id);
    return other === undefined ? [] : [[row, other]];
  });
  const pick = (artifact: Artifact, column: string, side: 0 | 1): Int32Array => {
    const values = artifact.numbers(column);
    return Int32Array.from(rows, (pair) => values[pair[side]] as number);
  };
  return {
    ids: pick(before, 'id', 0),
    labels: pick(before, 'label', 0),
    labelsAfter: pick(after, 'label', 1),
    first: pick(before, 'predicted', 0),
    second: pick(after, 'predicted', 1),
  };
}

type Judgement = Required<Pick<ScoreDiff, 'interval' | 'pValue' | 'by' | 'trainingDeviation'>>;

function pairedAccuracy(predictions: PairedPredictions): Judgement | undefined {
  const { before, after, trainingDeviation = usualTrainingDeviation } = predictions;
  const { labels, labelsAfter, first, second } = commonRows(before, after);
  // Other rows or other labels: there is nothing to pair.
  if (labels.length !== before.rows || labels.length !== after.rows) return undefined;
  if (labels.some((label, row) => label !== labelsAfter[row])) return undefined;
  return judgeAccuracies(labels, first, second, trainingDeviation);
}

/**
 * Judges the accuracies of two models on the same rows, second less first. Two things are chance: which rows there are, which McNemar's
 * test and the variance of paired proportions know, and the seeds of both trainings, which no test on these rows knows. A difference
 * counts where McNemar's test and a normal one of both variances together say so.
 */
export function judgeAccuracies(
  labels: Int32Array,
  first: Int32Array,
  second: Int32Array,
  trainingDeviation: number,
): Judgement {
  const { pValue, difference, interval } = pairedDifference(labels, second, first);
  if (trainingDeviation === 0)
    return { interval: [interval.low, interval.high], pValue, by: 'McNemar', trainingDeviation };
  const ofRows = (interval.high - interval.low) / (2 * normalPoint975);
  const error = Math.hypot(ofRows, Math.SQRT2 * trainingDeviation);
  const half = normalPoint975 * error;
  const both = 2 * normalShare(-Math.abs(difference) / error);
  return {
    interval: [difference - half, difference + half],
    pValue: Math.max(pValue, both),
    by: 'McNemar and seeds',
    trainingDeviation,
  };
}

/** Predictions that turned right or wrong. */
export interface FlipDiff {
  readonly rows: number;
  /** Wrong before, right after; and the other way round. */
  readonly gained: number;
  readonly lost: number;
  /** Wrong in both, in another way. */
  readonly otherwise: number;
  readonly pValue: number;
  /** Ids of the first rows that turned wrong, and right. */
  readonly examples: { readonly lost: readonly number[]; readonly gained: readonly number[] };
  /** The classes that lost and gained most, by class number. */
  readonly byClass: readonly { readonly label: number; readonly gained: number; readonly lost: number }[];
}

/** Who flipped between two `predictions` artifacts, over the rows that both have. */
export function diffPredictions(before: Artifact, after: Artifact): FlipDiff {
  const { ids, labels, first, second } = commonRows(before, after);
  const { onlyFirst, onlySecond, pValue } = mcnemarTest(labels, first, second);
  const classes = new Map<number, { gained: number; lost: number }>();
  const examples = { lost: [] as number[], gained: [] as number[] };
  let otherwise = 0;
  labels.forEach((label, row) => {
    const [was, is] = [first[row] === label, second[row] === label];
    if (!was && !is && first[row] !== second[row]) otherwise++;
    if (was === is) return;
    const list = is ? examples.gained : examples.lost;
    if (list.length < mostExamples) list.push(ids[row] as number);
    const counts = classes.get(label) ?? { gained: 0, lost: 0 };
    if (is) counts.gained++;
    else counts.lost++;
    classes.set(label, counts);
  });
  const byClass = [...classes]
    .map(([label, counts]) => ({ label, ...counts }))
    .sort(
      (one, other) =>
        Math.abs(other.gained - other.lost) - Math.abs(one.gained - one.lost) ||
        other.gained + other.lost - one.gained - one.lost,
    );
  return {
    rows: labels.length,
    gained: onlySecond,
    lost: onlyFirst,
    otherwise,
    pValue,
    examples,
    byClass: byClass.slice(0, 8),
  };
}
