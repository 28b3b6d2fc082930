import type { Interval } from '../metrics/interval.ts';
import type { Alignment } from './align.ts';
import type { AccuracyDifference } from './predictions-diff.ts';
import type { TableView } from './table-view.ts';
import { numbersOf, textsOf } from './typed-columns.ts';
import { usualMargin, type Verdict } from './verdict.ts';

/** One metric of both sides. */
export interface MetricDifference {
  readonly metric: string;
  readonly average: string;
  readonly class: string;
  readonly a: number;
  readonly b: number;
  /** B less A. */
  readonly difference: number;
  /** Left out where nothing tells how far chance goes. */
  readonly interval?: Interval;
  readonly verdict?: Verdict;
  /** How the interval came about: by the predictions of the same rows, or by the intervals of both sides. */
  readonly by?: 'paired' | 'intervals';
}

/** Metrics of both sides that differ, those over all classes first, then the largest differences of classes. */
export interface MetricsDiff {
  readonly kind: 'metrics';
  readonly compared: number;
  readonly changed: readonly MetricDifference[];
}

interface MetricRow {
  readonly metric: string;
  readonly average: string;
  readonly class: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

function rowsOf(view: TableView): MetricRow[] | undefined {
  const [metrics, averages, classes] = ['metric', 'average', 'class'].map((name) => textsOf(view, name));
  const values = numbersOf(view, 'value');
  if (!metrics || !averages || !classes || !values) return undefined;
  const [lows, highs] = [numbersOf(view, 'low'), numbersOf(view, 'high')];
  return metrics.map((metric, row) => ({
    metric,
    average: averages[row] ?? '',
    class: classes[row] ?? '',
    value: values[row] ?? Number.NaN,
    low: lows?.[row] ?? Number.NaN,
    high: highs?.[row] ?? Number.NaN,
  }));
}

/**
 * Compares metrics. `paired`: the accuracy by the predictions of the same rows, which tells far more than two intervals can; where it is
 * not known, the difference has the interval that follows from those of both sides. Undefined where a column is missing.
 */
export function metricsDiff(
  a: TableView,
  b: TableView,
  { toB }: Alignment,
  paired?: AccuracyDifference,
): MetricsDiff | undefined {
  const [rowsA, rowsB] = [rowsOf(a), rowsOf(b)];
  if (rowsA === undefined || rowsB === undefined) return undefined;
  const pairs = rowsA.flatMap((row, index) => {
    const other = rowsB[toB[index] ?? -1];
    return other === undefined ? [] : [{ row, other }];
  });
  const changed = pairs
    .filter(({ row, other }) => !Object.is(row.value, other.value))
    .map(({ row, other }) => metricDifference(row, other, paired));
  const isOverall = (one: MetricDifference): boolean => one.class === '';
  const perClass = changed.filter((one) => !isOverall(one));
  perClass.sort((one, other) => Math.abs(other.difference) - Math.abs(one.difference));
  return { kind: 'metrics', compared: pairs.length, changed: [...changed.filter(isOverall), ...perClass] };
}

function metricDifference(a: MetricRow, b: MetricRow, paired: AccuracyDifference | undefined): MetricDifference {
  const { metric, average, class: name } = a;
  const difference = b.value - a.value;
  const common = { metric, average, class: name, a: a.value, b: b.value, difference };
  // The rows of both must be all the rows, else the paired difference is of another number.
  const isPaired = metric === 'accuracy' && name === '' && paired !== undefined && near(paired.difference, difference);
  if (isPaired) return { ...common, interval: paired.interval, verdict: paired.verdict, by: 'paired' };
  const interval = differenceInterval(a, b);
  return interval === undefined ? common : { ...common, interval, verdict: byInterval(interval), by: 'intervals' };
}

function near(one: number, other: number): boolean {
  return Math.abs(one - other) < 1e-9;
}

/**
 * The interval of a difference by the intervals of both (R. Newcombe, "Interval estimation for the difference between independent
 * proportions", Statistics in Medicine 17, 1998, method 10). Of scores on the same rows it is too wide: it errs to the side of noise.
 */
function differenceInterval(a: MetricRow, b: MetricRow): Interval | undefined {
  const ends = [a.low, a.high, b.low, b.high];
  if (!ends.every(Number.isFinite)) return undefined;
  const difference = b.value - a.value;
  return {
    low: difference - Math.hypot(b.value - b.low, a.high - a.value),
    high: difference + Math.hypot(b.high - b.value, a.value - a.low),
  };
}

function byInterval({ low, high }: Interval): Verdict {
  if (low > 0) return 'better';
  if (high < 0) return 'worse';
  return low > -usualMargin && high < usualMargin ? 'equivalent' : 'noise';
}
