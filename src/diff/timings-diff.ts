import type { Alignment } from './align.ts';
import type { TableView } from './table-view.ts';
import { numbersOf, textsOf } from './typed-columns.ts';

/** Seconds that both sides took for a phase. */
export interface PhaseDifference {
  readonly phase: string;
  readonly a: number;
  readonly b: number;
  /** Seconds a sample, B by A. */
  readonly ratio: number | null;
  /** `better`: quicker. */
  readonly verdict: 'noise' | 'better' | 'worse';
}

/** How times of two runs differ. */
export interface TimingsDiff {
  readonly kind: 'timings';
  /** Whether nothing else computed while both were measured. */
  readonly exclusive: boolean;
  readonly phases: readonly PhaseDifference[];
}

/** Times that were taken once vary by as much as this on a quiet machine; nothing can be said of less. */
const usualRatio = 1.25;

/** Compares times by phase; undefined where a column is missing. */
export function timingsDiff(a: TableView, b: TableView, { toB }: Alignment): TimingsDiff | undefined {
  const phases = textsOf(a, 'phase');
  const [secondsA, secondsB] = [numbersOf(a, 'seconds'), numbersOf(b, 'seconds')];
  const [samplesA, samplesB] = [numbersOf(a, 'samples'), numbersOf(b, 'samples')];
  if (!phases || !secondsA || !secondsB || !samplesA || !samplesB) return undefined;
  const alone = (view: TableView): boolean => numbersOf(view, 'exclusive')?.every((flag) => flag === 1) ?? false;
  const exclusive = alone(a) && alone(b);
  const compared = phases.flatMap((phase, row): PhaseDifference[] => {
    const target = toB[row] as number;
    if (target < 0) return [];
    const [one, other] = [secondsA[row] as number, secondsB[target] as number];
    const ratio = other / (samplesB[target] as number) / (one / (samplesA[row] as number));
    const isNoise = !exclusive || !(ratio > usualRatio || ratio < 1 / usualRatio);
    const verdict = isNoise ? 'noise' : ratio < 1 ? 'better' : 'worse';
    return [{ phase, a: one, b: other, ratio: Number.isFinite(ratio) ? ratio : null, verdict }];
  });
  return { kind: 'timings', exclusive, phases: compared };
}
