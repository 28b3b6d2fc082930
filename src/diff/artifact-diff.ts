import { type ConfusionDiff, confusionDiff } from './confusion-diff.ts';
import { type MetricsDiff, metricsDiff } from './metrics-diff.ts';
import { type AccuracyDifference, type PredictionsDiff, predictionsDiff } from './predictions-diff.ts';
import { type SamplesDiff, samplesDiff } from './samples-diff.ts';
import { type SearchDiff, searchDiff } from './search-diff.ts';
import { type SplitDiff, splitDiff } from './split-diff.ts';
import { type ComparedTables, compareTables, type TableDiff, type TableDiffOptions } from './table-diff.ts';
import type { TableView } from './table-view.ts';
import { type TimingsDiff, timingsDiff } from './timings-diff.ts';
import type { Judgement } from './verdict.ts';
import { type WeightsDiff, weightsDiff } from './weights-diff.ts';

/** What only an artifact of a type can say. */
export type TypedDiff =
  | SamplesDiff
  | SplitDiff
  | SearchDiff
  | WeightsDiff
  | PredictionsDiff
  | ConfusionDiff
  | MetricsDiff
  | TimingsDiff;

/** How two artifacts differ: as tables, and by what they are about. */
export interface ArtifactDiff {
  readonly types: { readonly a: string; readonly b: string };
  readonly table: TableDiff;
  readonly typed?: TypedDiff;
}

/** How to compare artifacts. */
export interface ArtifactDiffOptions extends TableDiffOptions {
  /** How differences in accuracy are judged. */
  readonly judgement?: Judgement;
  /** Of metrics: the accuracies by the predictions of the same rows. */
  readonly paired?: AccuracyDifference;
}

/** Compares two opened artifacts. Where their columns are not those of their type, only as tables. */
export function diffArtifacts(a: TableView, b: TableView, options: ArtifactDiffOptions = {}): ArtifactDiff {
  const compared = compareTables(a, b, options);
  const types = { a: a.artifact.type, b: b.artifact.type };
  const typed = types.a === types.b && !compared.diff.same ? typedDiff(a, b, compared, options) : undefined;
  return { types, table: compared.diff, ...(typed === undefined ? {} : { typed }) };
}

function typedDiff(
  a: TableView,
  b: TableView,
  { alignment }: ComparedTables,
  { judgement, paired }: ArtifactDiffOptions,
): TypedDiff | undefined {
  switch (a.artifact.type) {
    case 'samples':
      return samplesDiff(a, b, alignment);
    case 'split':
      return splitDiff(a, b, alignment);
    case 'selection':
    case 'cv-results':
      return searchDiff(a, b, alignment);
    case 'weights':
      return weightsDiff(a, b);
    case 'predictions':
      return predictionsDiff(a, b, alignment, judgement);
    case 'confusion':
      return confusionDiff(a, b, alignment);
    case 'metrics':
      return metricsDiff(a, b, alignment, paired);
    case 'timings':
      return timingsDiff(a, b, alignment);
    default:
      return undefined;
  }
}
