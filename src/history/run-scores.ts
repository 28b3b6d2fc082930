import { openArtifact } from '../artifact/reader.ts';
import type { PastRun } from '../plan/runs.ts';
import type { Store } from '../store/store.ts';

/** The scores of one evaluation of a run: means and their intervals, without those of single classes. */
export interface StageScores {
  readonly stage: string;
  readonly scores: readonly Score[];
}

export interface Score {
  /** `accuracy`, `macro f1`, `weighted recall` … */
  readonly name: string;
  readonly value: number;
  /** NaN where there is no interval. */
  readonly low: number;
  readonly high: number;
}

/** What the stages of a run scored; stages whose artifacts were collected are left out. */
export function scoresOfRun(store: Store, run: PastRun): StageScores[] {
  return [...run.stages].flatMap(([stage, { fingerprint }]): StageScores[] => {
    const output = Object.values(store.readRecord(fingerprint)?.outputs ?? {}).find(({ type }) => type === 'metrics');
    if (output === undefined || !store.isWhole(output)) return [];
    const artifact = openArtifact(store.layout.blob(output.digest));
    if (!artifact.ok) return [];
    const { value: metrics } = artifact;
    const averages = metrics.texts('average');
    const numbers = (column: string): ArrayLike<number> => (metrics.has(column) ? metrics.numbers(column) : []);
    const [values, low, high] = [numbers('value'), numbers('low'), numbers('high')];
    const scores = metrics.texts('metric').flatMap((metric, row): Score[] => {
      const average = averages[row] ?? '';
      if (average === 'class') return [];
      const name = average === '' ? (metric ?? '') : `${average} ${metric}`;
      return [{ name, value: values[row] ?? Number.NaN, low: low[row] ?? Number.NaN, high: high[row] ?? Number.NaN }];
    });
    return [{ stage, scores }];
  });
}
