import type { Random } from '../util/random.ts';
import type { Interval } from './interval.ts';

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
 * 95 % intervals by the percentile bootstrap over test rows (B. Efron, "Bootstrap methods", Annals of Statistics 7, 1979): rows are
 * drawn with replacement, and the scores taken of each such set. They cover the chance of the test rows only, not that of training
 * with another seed. Labels and predictions lie in 0 … classes - 1. Macro means are those of `classificationScores`: over the classes
 * that are in the truth or in the predictions. Of no rows nothing is known: 0 to 1.
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
  return {
    accuracy: percentiles(drawn.accuracy),
    precision: percentiles(drawn.precision),
    recall: percentiles(drawn.recall),
    f1: percentiles(drawn.f1),
  };
}

function resample(
  labels: Int32Array,
  predicted: Int32Array,
  classes: number,
  resamples: number,
  random: Random,
): Resamples {
  const rows = labels.length;
  const made = (): Float64Array => new Float64Array(resamples);
  const scores: Resamples = { accuracy: made(), precision: made(), recall: made(), f1: made() };
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

/** The 2.5 % and 97.5 % points, between two values where they fall there (NumPy's default, Hyndman and Fan's seventh definition). */
function percentiles(values: Float64Array): Interval {
  const sorted = values.toSorted();
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const below = sorted[Math.floor(place)] as number;
    const above = sorted[Math.ceil(place)] as number;
    return below + (above - below) * (place - Math.floor(place));
  };
  return { low: at(0.025), high: at(0.975) };
}
