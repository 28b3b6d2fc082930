import type { Random } from '../util/random.ts';
import { type Interval, normalPoint975 } from './interval.ts';
import { normalPoint, normalShare } from './normal.ts';

/** Intervals of the scores of one classifier. */
export interface BootstrapIntervals {
  readonly accuracy: Interval;
  /** Of the macro means over the classes. */
  readonly precision: Interval;
  readonly recall: Interval;
  readonly f1: Interval;
}

/** Scores of each resample, one array a metric. */
interface Resamples {
  readonly accuracy: Float64Array;
  readonly precision: Float64Array;
  readonly recall: Float64Array;
  readonly f1: Float64Array;
}

/**
 * 95 % intervals by the bootstrap over test rows, bias-corrected and accelerated (BCa; B. Efron, "Better bootstrap confidence intervals",
 * JASA 82, 1987): rows are drawn with replacement, and the scores taken of each such set. Plain percentiles of a macro mean lie too low
 * where a class is rare, for it is missing from many of the sets. They cover the chance of the test rows only, not that of training
 * with another seed. Labels and predictions lie in 0 … classes - 1. Macro means are those of `classificationScores`: over the
 * classes that are in the truth or in the predictions. Of no rows nothing is known: 0 to 1.
 */
export function bootstrapIntervals(
  labels: Int32Array,
  predicted: Int32Array,
  classes: number,
  { resamples, random }: { readonly resamples: number; readonly random: Random },
): BootstrapIntervals {
  if (labels.length === 0) {
    const unknown = { low: 0, high: 1 };
    return { accuracy: unknown, precision: unknown, recall: unknown, f1: unknown };
  }
  const drawn = resample(labels, predicted, classes, resamples, random);
  const { whole, without, weights } = jackknife(labels, predicted, classes);
  const interval = (metric: keyof Resamples): Interval =>
    corrected(drawn[metric], whole[metric][0] as number, accelerationOf(without[metric], weights));
  return {
    accuracy: interval('accuracy'),
    precision: interval('precision'),
    recall: interval('recall'),
    f1: interval('f1'),
  };
}

function emptyScores(length: number): Resamples {
  const made = (): Float64Array => new Float64Array(length);
  return { accuracy: made(), precision: made(), recall: made(), f1: made() };
}

/**
 * Scores of all rows, and without each of them. Rows of one label and one prediction are alike, so there is one value for each such
 * pair, with the number of its rows as its weight.
 */
function jackknife(
  labels: Int32Array,
  predicted: Int32Array,
  classes: number,
): { whole: Resamples; without: Resamples; weights: readonly number[] } {
  const [support, guessed, hits] = [new Int32Array(classes), new Int32Array(classes), new Int32Array(classes)];
  const pairs = new Map<number, number>();
  const change = (label: number, guess: number, by: number): void => {
    support[label] = (support[label] as number) + by;
    guessed[guess] = (guessed[guess] as number) + by;
    if (label === guess) hits[label] = (hits[label] as number) + by;
  };
  labels.forEach((label, row) => {
    const guess = predicted[row] as number;
    change(label, guess, 1);
    pairs.set(label * classes + guess, (pairs.get(label * classes + guess) ?? 0) + 1);
  });
  const whole = emptyScores(1);
  take(whole, 0, { support, guessed, hits, rows: labels.length });
  const without = emptyScores(pairs.size);
  // Of one row nothing is left: no spread to judge by.
  if (labels.length > 1)
    [...pairs.keys()].forEach((pair, place) => {
      const [label, guess] = [Math.floor(pair / classes), pair % classes];
      change(label, guess, -1);
      take(without, place, { support, guessed, hits, rows: labels.length - 1 });
      change(label, guess, 1);
    });
  return { whole, without, weights: [...pairs.values()] };
}

/** How the standard error grows with the score: the skewness of the jackknife's values, by six. 0 where they are all equal. */
function accelerationOf(values: Float64Array, weights: readonly number[]): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const centre = values.reduce((sum, value, place) => sum + value * (weights[place] as number), 0) / total;
  let [squares, cubes] = [0, 0];
  values.forEach((value, place) => {
    const away = centre - value;
    squares += away ** 2 * (weights[place] as number);
    cubes += away ** 3 * (weights[place] as number);
  });
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}

function resample(
  labels: Int32Array,
  predicted: Int32Array,
  classes: number,
  resamples: number,
  random: Random,
): Resamples {
  const rows = labels.length;
  const scores = emptyScores(resamples);
  const support = new Int32Array(classes);
  const guessed = new Int32Array(classes);
  const hits = new Int32Array(classes);
  for (let sample = 0; sample < resamples; sample++) {
    support.fill(0);
    guessed.fill(0);
    hits.fill(0);
    for (let draw = 0; draw < rows; draw++) {
      // 32 random bits scaled: the bias of one in 2^32 by rows is far below what resamples can show.
      const row = Math.floor((random.uint32() / 4294967296) * rows);
      const label = labels[row] as number;
      const guess = predicted[row] as number;
      support[label] = (support[label] as number) + 1;
      guessed[guess] = (guessed[guess] as number) + 1;
      if (label === guess) hits[label] = (hits[label] as number) + 1;
    }
    take(scores, sample, { support, guessed, hits, rows });
  }
  return scores;
}

function take(
  scores: Resamples,
  sample: number,
  counts: {
    readonly support: Int32Array;
    readonly guessed: Int32Array;
    readonly hits: Int32Array;
    readonly rows: number;
  },
): void {
  const { support, guessed, hits, rows } = counts;
  let [present, right, precision, recall, f1] = [0, 0, 0, 0, 0];
  for (let label = 0; label < support.length; label++) {
    const [true_, said, hit] = [support[label] as number, guessed[label] as number, hits[label] as number];
    if (true_ + said === 0) continue;
    present++;
    right += hit;
    precision += said === 0 ? 0 : hit / said;
    recall += true_ === 0 ? 0 : hit / true_;
    f1 += (2 * hit) / (true_ + said);
  }
  scores.accuracy[sample] = right / rows;
  scores.precision[sample] = precision / present;
  scores.recall[sample] = recall / present;
  scores.f1[sample] = f1 / present;
}

/** The interval between the two points of the resamples that bias and acceleration move the 2.5 % and 97.5 % ones to. */
function corrected(values: Float64Array, score: number, acceleration: number): Interval {
  const sorted = values.toSorted();
  const below = sorted.reduce((count, value) => count + (value < score ? 1 : value === score ? 0.5 : 0), 0);
  const bias = normalPoint(below / sorted.length);
  const moved = (point: number): number => normalShare(bias + (bias + point) / (1 - acceleration * (bias + point)));
  return { low: quantile(sorted, moved(-normalPoint975)), high: quantile(sorted, moved(normalPoint975)) };
}

/** A point of sorted values, between two of them where it falls there (NumPy's default, Hyndman and Fan's seventh definition). */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] as number;
  const above = sorted[Math.ceil(place)] as number;
  return below + (above - below) * (place - Math.floor(place));
}
