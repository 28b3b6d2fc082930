import { basename } from 'node:path';
import { failure } from '../errors/failure.ts';
import { err, ok, type Result } from '../util/result.ts';
import { calibrationFacts, writerFacts } from './collect-calibration.ts';
import type { ReportInput, ReportInputs } from './collect-inputs.ts';
import { classNames } from './collect-inputs.ts';
import { epochs, modelFacts, parameterCount } from './collect-model.ts';
import { refitFacts } from './collect-refits.ts';
import { dataFacts, sampleImages, sourceFacts, splitFacts } from './collect-samples.ts';
import { confusionCounts, familyScores, latencies, measuredTime, predictionRows } from './collect-scores.ts';
import { searchFacts } from './collect-search.ts';
import { listed } from './format.ts';
import type { ArtifactFacts, DataFacts, Family, SourceFacts, StageFacts, Study } from './study.ts';

/** What a report is called and how its pipeline is run. */
export interface ReportWords {
  readonly title: string;
  readonly pipeline?: string;
  readonly stages?: readonly StageFacts[];
}

/**
 * Whether an input belongs to the family that `metrics` stands for: the same first matrix value (the model) and no
 * other matrix value that contradicts. Without a matrix the stage's name tells, or there is only one family anyway.
 */
function belongsTo(input: ReportInput, metrics: ReportInput, families: number): boolean {
  const axes = Object.entries(metrics.matrix);
  if (axes.length === 0) return families === 1 || input.stage === metrics.stage;
  const [first] = axes;
  if (first === undefined || input.matrix[first[0]] !== first[1]) return false;
  return axes.every(([axis, value]) => (input.matrix[axis] ?? value) === value);
}

function familyName(metrics: ReportInput, title: string | undefined, others: readonly ReportInput[]): string {
  const values = Object.values(metrics.matrix);
  const first = values[0] ?? metrics.stage;
  const name = title ?? first;
  const shared = others.filter((other) => (Object.values(other.matrix)[0] ?? other.stage) === first).length > 1;
  if (!shared) return name;
  return values.length > 1 ? `${name} (${values.slice(1).join(', ')})` : `${name} (${metrics.stage})`;
}

interface CollectedFamily {
  readonly family: Family;
  readonly classes: readonly string[];
}

function collectFamily(inputs: ReportInputs, metrics: ReportInput, index: number): Result<CollectedFamily> {
  const mine = (slot: readonly ReportInput[]): ReportInput[] =>
    slot.filter((input) => belongsTo(input, metrics, inputs.metrics.length));
  const [fit] = mine(inputs.fit);
  const timings = mine(inputs.timings);
  const confusion = confusionCounts(mine(inputs.confusion)[0]);
  if (!confusion.ok) return confusion;
  const scores = familyScores(metrics, confusion.value?.counts);
  if (!scores.ok) return scores;
  const predictions = predictionRows(mine(inputs.predictions)[0]);
  if (!predictions.ok) return predictions;
  const model = modelFacts(fit);
  if (!model.ok) return model;
  const history = epochs(mine(inputs.history)[0]);
  if (!history.ok) return history;
  const search = searchFacts(mine(inputs.cv)[0], mine(inputs.search)[0], mine(inputs.curves)[0]);
  if (!search.ok) return search;
  const training = measuredTime(timings, 'training');
  if (!training.ok) return training;
  const inference = measuredTime(timings, 'inference');
  if (!inference.ok) return inference;
  const calibration = calibrationFacts(mine(inputs.calibration)[0]);
  if (!calibration.ok) return calibration;
  const writers = writerFacts(mine(inputs.writers)[0]);
  if (!writers.ok) return writers;
  const family: Family = {
    index,
    title: familyName(metrics, model.value?.title ?? metrics.artifact.metadata['title'], inputs.metrics),
    scores: scores.value,
    ...known({
      confusion: confusion.value?.counts,
      predictions: predictions.value,
      training: training.value,
      inference: inference.value,
      latencies: latencies(timings),
      calibration: calibration.value,
      writers: writers.value,
      parameters: parameterCount(fit),
      model: model.value,
      search: search.value,
      history: history.value,
    }),
  };
  return ok({ family, classes: confusion.value?.classes ?? [] });
}

type Known<Facts> = { [Name in keyof Facts]?: Exclude<Facts[Name], undefined> };

/** The facts without those that are undefined. */
function known<Facts extends object>(facts: Facts): Known<Facts> {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as Known<Facts>;
}

function artifactFacts(inputs: ReportInputs): ArtifactFacts[] {
  return Object.entries(inputs).flatMap(([slot, list]: [string, readonly ReportInput[]]) =>
    list.map(({ stage, matrix, artifact }) => ({
      slot,
      digest: basename(artifact.path),
      stage,
      matrix,
      type: artifact.type,
      rows: artifact.rows,
      metadata: artifact.metadata,
    })),
  );
}

/** Class names from the first input that says them: samples, confusion, then anything else with that metadata. */
function studyClasses(
  inputs: ReportInputs,
  data: readonly DataFacts[],
  families: readonly CollectedFamily[],
): Result<readonly string[]> {
  const lists = [...data.map((facts) => facts.classes), ...families.map((family) => family.classes)];
  const found = lists.find((list) => list.length > 0);
  if (found !== undefined) return ok(found);
  for (const input of [...inputs.predictions, ...inputs.metrics]) {
    const names = classNames(input);
    if (!names.ok || names.value !== undefined) return names as Result<readonly string[]>;
  }
  return ok([]);
}

/** The sources that the scores' metadata names, each title once. */
function scoreSources(inputs: ReportInputs): Result<readonly SourceFacts[]> {
  const sources = new Map<string, SourceFacts>();
  for (const input of inputs.metrics) {
    const source = sourceFacts(input);
    if (!source.ok) return source;
    if (source.value !== undefined) sources.set(source.value.title, source.value);
  }
  return ok([...sources.values()]);
}

/** The rows that were evaluated; scores that do not say are on the test rows. */
function scoredOn(inputs: ReportInputs): string {
  return listed([...new Set(inputs.metrics.map((input) => input.artifact.metadata['on'] ?? 'test'))]);
}

/** Brings the artifacts of a comparison together, one family an artifact of the slot `metrics`, in its order. */
export function collectStudy(inputs: ReportInputs, words: ReportWords): Result<Study> {
  if (inputs.metrics.length === 0)
    return err(
      failure('report-empty', 'a report needs the metrics of at least one model', {
        hint: 'connect them: from: {metrics: "evaluate[*].metrics"}',
      }),
    );
  const data: DataFacts[] = [];
  for (const input of inputs.samples) {
    const facts = dataFacts(input);
    if (!facts.ok) return facts;
    data.push(facts.value);
  }
  const families: CollectedFamily[] = [];
  for (const [index, metrics] of inputs.metrics.entries()) {
    const family = collectFamily(inputs, metrics, index);
    if (!family.ok) return family;
    families.push(family.value);
  }
  const classes = studyClasses(inputs, data, families);
  if (!classes.ok) return classes;
  const sources = scoreSources(inputs);
  if (!sources.ok) return sources;
  const refits = refitFacts(inputs.refits[0]);
  if (!refits.ok) return refits;
  const [split, samples] = [inputs.split[0], inputs.samples[0]];
  const divided = split === undefined ? ok(undefined) : splitFacts(split);
  if (!divided.ok) return divided;
  return ok({
    title: words.title,
    ...known({
      pipeline: words.pipeline,
      stages: words.stages,
      split: divided.value,
      refits: refits.value,
      images: samples === undefined ? undefined : sampleImages(samples),
    }),
    data,
    sources: sources.value,
    scoredOn: scoredOn(inputs),
    classes: classes.value,
    families: families.map((one) => one.family),
    artifacts: artifactFacts(inputs),
  });
}
