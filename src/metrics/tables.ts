import type { Column, TableData } from '../artifact/column.ts';
import type { BootstrapIntervals } from './bootstrap.ts';
import type { Calibration, CalibrationBin } from './calibration.ts';
import type { ClassificationScores } from './classification.ts';
import { wilsonInterval } from './interval.ts';

interface MetricRow {
  readonly metric: string;
  readonly average: string;
  readonly class: string;
  readonly value: number;
  readonly support: number;
  readonly low: number;
  readonly high: number;
}

/** Scores in long form: one row a metric, average and class; accuracy with its 95 % interval, macro means with those that are given. */
export function metricsTable(
  scores: ClassificationScores,
  classes: readonly string[],
  metadata: Readonly<Record<string, string>>,
  more: {
    readonly intervals?: Pick<BootstrapIntervals, 'precision' | 'recall' | 'f1'>;
    readonly calibration?: Calibration;
    /** The scores when some classes count as one. */
    readonly merged?: ClassificationScores;
  } = {},
): TableData {
  const total = scores.perClass.reduce((sum, one) => sum + one.support, 0);
  const plain = (metric: string, average: string, value: number): MetricRow => ({
    metric,
    average,
    class: '',
    value,
    support: total,
    low: Number.NaN,
    high: Number.NaN,
  });
  const interval = wilsonInterval(Math.round(scores.accuracy * total), total);
  const kinds = ['precision', 'recall', 'f1'] as const;
  const { intervals, calibration, merged } = more;
  const rows: MetricRow[] = [
    { ...plain('accuracy', '', scores.accuracy), ...interval },
    plain('balanced_accuracy', '', scores.balancedAccuracy),
    ...kinds.map((metric) => ({ ...plain(metric, 'macro', scores.macro[metric]), ...intervals?.[metric] })),
    ...kinds.map((metric) => plain(metric, 'weighted', scores.weighted[metric])),
    ...(calibration === undefined
      ? []
      : [
          plain('expected_calibration_error', '', calibration.expectedError),
          plain('brier', '', calibration.brier),
          plain('log_loss', '', calibration.logLoss),
        ]),
    ...(merged === undefined ? [] : mergedRows(merged, plain)),
    ...scores.perClass.flatMap((one, index) =>
      kinds.map((metric) => ({
        ...plain(metric, 'class', one[metric]),
        class: classes[index] ?? String(index),
        support: one.support,
      })),
    ),
  ];
  const numbers = (pick: (row: MetricRow) => number): Float64Array => Float64Array.from(rows, pick);
  return {
    metadata,
    columns: [
      { name: 'metric', kind: 'text', values: rows.map((row) => row.metric) },
      { name: 'average', kind: 'text', values: rows.map((row) => row.average) },
      { name: 'class', kind: 'text', values: rows.map((row) => row.class) },
      { name: 'value', kind: 'number', values: numbers((row) => row.value) },
      { name: 'support', kind: 'number', values: Int32Array.from(rows, (row) => row.support) },
      { name: 'low', kind: 'number', values: numbers((row) => row.low) },
      { name: 'high', kind: 'number', values: numbers((row) => row.high) },
    ],
  };
}

/** Scores with some classes taken as one: the averages say so. */
function mergedRows(
  scores: ClassificationScores,
  plain: (metric: string, average: string, value: number) => MetricRow,
): MetricRow[] {
  const total = scores.perClass.reduce((sum, one) => sum + one.support, 0);
  const interval = wilsonInterval(Math.round(scores.accuracy * total), total);
  const kinds = ['precision', 'recall', 'f1'] as const;
  return [
    { ...plain('accuracy', 'merged', scores.accuracy), ...interval },
    ...kinds.map((metric) => plain(metric, 'merged macro', scores.macro[metric])),
  ];
}

/** How probabilities and outcomes go together, one row a bin of the highest probability. */
export function calibrationTable(
  { bins, expectedError, brier, logLoss }: Calibration,
  metadata: Readonly<Record<string, string>>,
): TableData {
  const numbers = (name: string, pick: (bin: CalibrationBin) => number): Column => ({
    name,
    kind: 'number',
    values: Float64Array.from(bins, pick),
  });
  return {
    metadata: {
      ...metadata,
      expected_calibration_error: String(expectedError),
      brier: String(brier),
      log_loss: String(logLoss),
    },
    columns: [
      numbers('low', ({ low }) => low),
      numbers('high', ({ high }) => high),
      { name: 'count', kind: 'number', values: Int32Array.from(bins, ({ count }) => count) },
      numbers('confidence', ({ confidence }) => confidence),
      numbers('accuracy', ({ accuracy }) => accuracy),
    ],
  };
}

/** A confusion matrix, one row a true class. */
export function confusionTable(
  confusion: Float64Array,
  classes: readonly string[],
  metadata: Readonly<Record<string, string>>,
): TableData {
  return {
    metadata,
    columns: [
      { name: 'class', kind: 'text', values: classes },
      { name: 'counts', kind: 'tensor', shape: [classes.length], values: Float32Array.from(confusion) },
    ],
  };
}
