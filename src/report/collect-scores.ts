import { type ClassificationScores, classificationScores } from '../metrics/classification.ts';
import { type Interval, wilsonInterval } from '../metrics/interval.ts';
import { err, ok, type Result } from '../util/result.ts';
import { inputFailure, type ReportInput, requireColumns } from './collect-inputs.ts';
import type { Averages, FamilyScores, Latency, MeasuredTime, Predictions } from './study.ts';

interface MetricRow {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

type MetricLookup = (metric: string, average?: string) => MetricRow | undefined;

/** Rows of the metrics table over all classes, by metric and average. */
function metricLookup(input: ReportInput): MetricLookup {
  const { artifact } = input;
  const texts = (column: string): (string | null)[] => (artifact.has(column) ? artifact.texts(column) : []);
  const ends = (column: string): ArrayLike<number> => (artifact.has(column) ? artifact.numbers(column) : []);
  const metrics = texts('metric');
  const averages = texts('average');
  const classes = texts('class');
  const [values, lows, highs] = [artifact.numbers('value'), ends('low'), ends('high')];
  return (metric, average) => {
    const wanted = (one: string | null, row: number): boolean =>
      one === metric && (classes[row] ?? '') === '' && (average === undefined || averages[row] === average);
    const row = metrics.findIndex(wanted);
    if (row < 0) return undefined;
    return { value: values[row] ?? Number.NaN, low: lows[row] ?? Number.NaN, high: highs[row] ?? Number.NaN };
  };
}

function averagesOf(lookup: MetricLookup, name: 'macro' | 'weighted', counted: ClassificationScores | undefined) {
  const averages: { -readonly [Name in keyof Averages]?: number } = {};
  for (const metric of ['precision', 'recall', 'f1'] as const) {
    const value = lookup(metric, name)?.value ?? counted?.[name][metric];
    if (value !== undefined) averages[metric] = value;
  }
  return averages;
}

function intervalsOf(lookup: MetricLookup, average: string): FamilyScores['macroIntervals'] {
  const metrics = ['precision', 'recall', 'f1'] as const;
  return Object.fromEntries(
    metrics.flatMap((metric) => {
      const row = lookup(metric, average);
      if (row === undefined || !Number.isFinite(row.low) || !Number.isFinite(row.high)) return [];
      return [[metric, { low: row.low, high: row.high }]];
    }),
  );
}

function accuracyInterval(row: MetricRow | undefined, confusion: Float64Array | undefined): Interval | undefined {
  if (row !== undefined && Number.isFinite(row.low) && Number.isFinite(row.high)) return row;
  if (confusion === undefined) return undefined;
  const classes = Math.sqrt(confusion.length);
  const correct = confusion.reduce((sum, value, index) => (index % (classes + 1) === 0 ? sum + value : sum), 0);
  const total = confusion.reduce((sum, value) => sum + value, 0);
  return wilsonInterval(correct, total);
}

/**
 * Accuracy with its interval, macro and weighted averages of a `metrics` artifact. What it does not hold is computed
 * from the confusion matrix where there is one, by the same definitions.
 */
export function familyScores(input: ReportInput, confusion: Float64Array | undefined): Result<FamilyScores> {
  const columns = requireColumns(input, ['metric', 'average', 'value']);
  if (!columns.ok) return columns;
  const lookup = metricLookup(input);
  const counted = confusion === undefined ? undefined : classificationScores(confusion, Math.sqrt(confusion.length));
  const accuracy = lookup('accuracy')?.value ?? counted?.accuracy;
  const merged = lookup('accuracy', 'merged');
  const interval = accuracyInterval(lookup('accuracy'), confusion);
  return ok({
    ...(accuracy === undefined ? {} : { accuracy }),
    ...(interval === undefined ? {} : { interval: { low: interval.low, high: interval.high } }),
    macro: averagesOf(lookup, 'macro', counted),
    macroIntervals: intervalsOf(lookup, 'macro'),
    weighted: averagesOf(lookup, 'weighted', counted),
    ...(merged === undefined ? {} : { mergedAccuracy: merged.value }),
  });
}

/** The counts of a `confusion` artifact, row after row, with the names of its classes. */
export function confusionCounts(
  input: ReportInput | undefined,
): Result<{ readonly counts: Float64Array; readonly classes: readonly string[] } | undefined> {
  if (input === undefined) return ok(undefined);
  const columns = requireColumns(input, ['class', 'counts']);
  if (!columns.ok) return columns;
  const view = input.artifact.tensor('counts');
  if (view.size !== view.rows)
    return err(inputFailure(input, `a confusion matrix of ${view.rows} rows and ${view.size} columns is not square`));
  const counts = new Float64Array(view.rows * view.size);
  for (let row = 0; row < view.rows; row++) counts.set(view.row(row), row * view.size);
  return ok({ counts, classes: input.artifact.texts('class').map((name) => name ?? '') });
}

/** Id, true and predicted class of each row of a `predictions` artifact. */
export function predictionRows(input: ReportInput | undefined): Result<Predictions | undefined> {
  if (input === undefined) return ok(undefined);
  const columns = requireColumns(input, ['id', 'label', 'predicted']);
  if (!columns.ok) return columns;
  const { artifact } = input;
  return ok({
    ids: artifact.numbers('id'),
    labels: Int32Array.from(artifact.numbers('label')),
    predicted: Int32Array.from(artifact.numbers('predicted')),
  });
}

/** The sum of one phase over the `timings` artifacts of a family; undefined where none has it. */
export function measuredTime(
  inputs: readonly ReportInput[],
  phase: 'training' | 'inference',
): Result<MeasuredTime | undefined> {
  let sum: MeasuredTime | undefined;
  for (const input of inputs) {
    const columns = requireColumns(input, ['phase', 'seconds']);
    if (!columns.ok) return columns;
    const { artifact } = input;
    const samples: ArrayLike<number> = artifact.has('samples') ? artifact.numbers('samples') : [];
    const exclusive: ArrayLike<number> = artifact.has('exclusive') ? artifact.numbers('exclusive') : [];
    for (const [row, name] of artifact.texts('phase').entries()) {
      if (name !== phase) continue;
      sum = {
        seconds: (sum?.seconds ?? 0) + (artifact.numbers('seconds')[row] ?? Number.NaN),
        samples: (sum?.samples ?? 0) + (samples[row] ?? 0),
        exclusive: (sum?.exclusive ?? true) && exclusive[row] === 1,
      };
    }
  }
  return ok(sum);
}

/** Latencies of single calls, by the number of samples in a call. */
export function latencies(inputs: readonly ReportInput[]): Latency[] | undefined {
  const found = new Map<number, { median?: number; p95?: number }>();
  for (const { artifact } of inputs) {
    if (!['phase', 'seconds', 'samples'].every((column) => artifact.has(column))) continue;
    const [seconds, samples] = [artifact.numbers('seconds'), artifact.numbers('samples')];
    for (const [row, phase] of artifact.texts('phase').entries()) {
      const kind = phase === 'latency median' ? 'median' : phase === 'latency p95' ? 'p95' : undefined;
      if (kind === undefined) continue;
      const size = samples[row] ?? 0;
      found.set(size, { ...found.get(size), [kind]: seconds[row] ?? Number.NaN });
    }
  }
  const known = [...found].flatMap(([samples, { median, p95 }]) =>
    median === undefined || p95 === undefined ? [] : [{ samples, median, p95 }],
  );
  return known.length === 0 ? undefined : known.sort((one, other) => one.samples - other.samples);
}
