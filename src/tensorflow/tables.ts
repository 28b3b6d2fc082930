import type { Column, TableData } from '../artifact/column.ts';
import type { Artifact } from '../artifact/reader.ts';
import type { WeightValues } from './network.ts';
import type { EpochScores, Trained } from './train.ts';

/** The columns of a learning curve, one row an epoch. */
export function historyColumns(history: readonly EpochScores[]): Column[] {
  const numbers = (name: string, pick: (scores: EpochScores) => number): Column => ({
    name,
    kind: 'number',
    values: Float64Array.from(history, pick),
  });
  return [
    { name: 'epoch', kind: 'number', values: Int32Array.from(history, (scores) => scores.epoch) },
    numbers('loss', (scores) => scores.loss),
    numbers('accuracy', (scores) => scores.accuracy),
    numbers('validation_loss', (scores) => scores.validationLoss),
    numbers('validation_accuracy', (scores) => scores.validationAccuracy),
  ];
}

/** What early stopping did, as metadata of a learning curve; nothing without it. */
export function stoppingMetadata({ bestEpoch, stoppedEpoch }: Trained): Record<string, string> {
  return {
    ...(bestEpoch === undefined ? {} : { bestEpoch: String(bestEpoch) }),
    ...(stoppedEpoch === undefined ? {} : { stoppedEpoch: String(stoppedEpoch) }),
  };
}

export interface Timing {
  /** Latencies are those of single calls with so many samples; others sums. */
  readonly phase: 'training' | 'validation' | 'inference' | 'latency median' | 'latency p95';
  readonly seconds: number;
  readonly samples: number;
}

/** Measured times; `exclusive` tells whether anything else computed at the same time. */
export function timingsTable(timings: readonly Timing[], exclusive: boolean): TableData {
  return {
    columns: [
      { name: 'phase', kind: 'text', values: timings.map((timing) => timing.phase) },
      { name: 'seconds', kind: 'number', values: Float64Array.from(timings, (timing) => timing.seconds) },
      { name: 'samples', kind: 'number', values: Int32Array.from(timings, (timing) => timing.samples) },
      { name: 'exclusive', kind: 'number', values: new Uint8Array(timings.length).fill(exclusive ? 1 : 0) },
    ],
  };
}

/** Median and 95th percentile (nearest rank) of calls with so many samples; nothing of no calls. */
export function latencyTimings(calls: readonly number[], samples: number): Timing[] {
  const sorted = calls.toSorted((one, other) => one - other);
  const at = (share: number): number | undefined => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  const [median, high] = [at(0.5), at(0.95)];
  if (median === undefined || high === undefined) return [];
  return [
    { phase: 'latency median', seconds: median, samples },
    { phase: 'latency p95', seconds: high, samples },
  ];
}

/** Weights as an artifact's rows. */
export function weightColumns(weights: readonly WeightValues[]): Column[] {
  return [
    { name: 'name', kind: 'text', values: weights.map((weight) => weight.name) },
    { name: 'dtype', kind: 'text', values: weights.map(() => 'float32') },
    { name: 'shape', kind: 'list', values: weights.map((weight) => Int32Array.from(weight.shape)) },
    { name: 'values', kind: 'list', values: weights.map((weight) => weight.values) },
  ];
}

/** Weights out of an artifact. */
export function readWeights(artifact: Artifact): WeightValues[] {
  const shapes = artifact.lists('shape');
  const values = artifact.lists('values');
  return artifact.texts('name').map((name, index) => ({
    name: name ?? '',
    shape: [...(shapes[index] ?? [])],
    values: values[index] as Float32Array,
  }));
}
