import type { TensorView } from '../artifact/reader.ts';
import type { Calibration } from '../metrics/calibration.ts';
import type { Interval } from '../metrics/interval.ts';
import type { Duplicates } from '../split/duplicates.ts';
import type { Json, JsonObject } from '../util/json.ts';
import type { RunFacts } from './run-facts.ts';

/** Where data came from. */
export interface SourceFacts {
  readonly title: string;
  /** Drawn handwriting that stands in for a real data set. */
  readonly drawn: boolean;
  readonly files: readonly string[];
}

/** The rows of a samples artifact and their source. */
export interface DataFacts extends SourceFacts {
  readonly rows: number;
  readonly classes: readonly string[];
  /** Height and width of an image, in pixels. */
  readonly height: number;
  readonly width: number;
  /** What pixels are divided by before training; 1 means raw. */
  readonly scale: string;
  /** Names of the numbers of a sample that is no picture. */
  readonly features?: readonly string[];
}

/** Rows of each role in a split. */
export interface SplitFacts {
  readonly train: number;
  readonly validation: number;
  readonly test: number;
  readonly folds: number;
  /** Rows that are on both sides of a line; undefined where the split does not say. */
  readonly duplicates?: Duplicates;
}

/** Images to pick examples from, one a row of the samples. */
export interface SampleImages {
  readonly ids: ArrayLike<number>;
  readonly labels: ArrayLike<number>;
  readonly image: TensorView;
  readonly height: number;
  readonly width: number;
}

/** Scores on the rows that were evaluated; all lie in [0, 1]. */
export interface FamilyScores {
  readonly accuracy?: number;
  readonly interval?: Interval;
  readonly macro: Partial<Averages>;
  /** Intervals of the macro means, where they were taken. */
  readonly macroIntervals: Partial<Readonly<Record<keyof Averages, Interval>>>;
  readonly weighted: Partial<Averages>;
  /** With some classes taken as one. */
  readonly mergedAccuracy?: number;
}

export interface Averages {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** A measured time: seconds over so many samples; `exclusive` when nothing else computed beside it. */
export interface MeasuredTime {
  readonly seconds: number;
  readonly samples: number;
  readonly exclusive: boolean;
}

export interface Predictions {
  readonly ids: ArrayLike<number>;
  readonly labels: Int32Array;
  readonly predicted: Int32Array;
}

/** One epoch of a fit; NaN where something was not measured. */
export interface Epoch {
  readonly epoch: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly validationLoss: number;
  readonly validationAccuracy: number;
}

export type CalibrationFacts = Calibration;

/** How well one writer is read. */
export interface WriterFacts {
  readonly writer: number;
  readonly support: number;
  /** NaN of no rows. */
  readonly accuracy: number;
}

/** Seconds of single calls with so many samples. */
export interface Latency {
  readonly samples: number;
  readonly median: number;
  readonly p95: number;
}

export interface LayerFacts {
  readonly layer: string;
  readonly config: JsonObject;
}

/** A model as it was fitted. */
export interface ModelFacts {
  readonly title?: string;
  readonly input?: string;
  readonly layers: readonly LayerFacts[];
  readonly hyperparameters: JsonObject;
  readonly training: JsonObject;
}

/** One combination of hyperparameters with its scores over the folds; NaN where a fit diverged. */
export interface Combination {
  readonly params: JsonObject;
  readonly rank: number;
  readonly mean: number;
  readonly deviation: number;
  readonly folds: readonly number[];
  readonly fitSeconds?: number;
  readonly selected: boolean;
}

export interface SearchAxis {
  readonly name: string;
  /** The values tried, numbers in ascending order, others as they came. */
  readonly values: readonly Json[];
}

/** The learning curve of one fit of a search. */
export interface FoldCurve {
  /** From 0. */
  readonly fold: number;
  /** Its validation scores are those of the fold itself; NaN where it was not scored then. */
  readonly epochs: readonly Epoch[];
}

/** The curves of one combination, fold by fold. */
export interface CombinationCurves {
  readonly params: JsonObject;
  readonly selected: boolean;
  readonly folds: readonly FoldCurve[];
}

/** What a search chose without one of the folds, and what that comes to on it. */
export interface NestedFold {
  readonly fold: number;
  /** Undefined where all diverged. */
  readonly params?: JsonObject;
  readonly innerScore: number;
  readonly score: number;
}

/** Scores of one model trained with several seeds; the first is the training that was compared. NaN where one diverged. */
export interface RefitFacts {
  readonly title: string;
  readonly accuracy: readonly number[];
  readonly macroF1: readonly number[];
}

export interface SearchFacts {
  readonly metric: string;
  readonly rule?: string;
  readonly axes: readonly SearchAxis[];
  /** By rank, best first. */
  readonly combinations: readonly Combination[];
  /** Folds of one division; the scores have a multiple of them where it was repeated. */
  readonly repeatFolds?: number;
  /** By rank, best first; where an input has them. */
  readonly curves?: readonly CombinationCurves[];
  /** Of a nested search. */
  readonly nested?: readonly NestedFold[];
}

/** One model family of the comparison with all that is known of it. */
export interface Family {
  /** Position among the families: fixes its colour in all charts. */
  readonly index: number;
  readonly title: string;
  readonly scores: FamilyScores;
  /** Counts, a row a true class: classes * classes. */
  readonly confusion?: Float64Array;
  readonly predictions?: Predictions;
  readonly training?: MeasuredTime;
  readonly inference?: MeasuredTime;
  /** With one sample, and with a batch. */
  readonly latencies?: readonly Latency[];
  readonly calibration?: CalibrationFacts;
  readonly writers?: readonly WriterFacts[];
  readonly parameters?: number;
  readonly model?: ModelFacts;
  readonly search?: SearchFacts;
  readonly history?: readonly Epoch[];
}

/** An artifact that the report read, for the provenance table. */
export interface ArtifactFacts {
  readonly slot: string;
  /** Of its content: its name in the store. */
  readonly digest: string;
  readonly stage: string;
  readonly matrix: Readonly<Record<string, string>>;
  readonly type: string;
  readonly rows: number;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A stage of the pipeline that the report ends. */
export interface StageFacts {
  readonly name: string;
  readonly kind: string;
  /** Of a matrix: what stands in the brackets of each instance. */
  readonly instances: readonly string[];
  /** Stages that it reads. */
  readonly from: readonly string[];
}

/** All that the page shows. */
export interface Study {
  readonly title: string;
  /** How the pipeline is called on the command line, where known. */
  readonly pipeline?: string;
  readonly data: readonly DataFacts[];
  /** Sources that the scores name, each once; they are known even when the samples are not among the inputs. */
  readonly sources: readonly SourceFacts[];
  /** Which rows the scores are about: "test", "validation", or "test and validation" when the families differ. */
  readonly scoredOn: string;
  readonly split?: SplitFacts;
  /** Names of the classes by label; empty when no input says them. */
  readonly classes: readonly string[];
  readonly images?: SampleImages;
  readonly families: readonly Family[];
  readonly refits?: RefitFacts;
  /** How the run went, in a report of one. */
  readonly run?: RunFacts;
  /** Stages that lead to the report, where the pipeline told them. */
  readonly stages?: readonly StageFacts[];
  readonly artifacts: readonly ArtifactFacts[];
}
