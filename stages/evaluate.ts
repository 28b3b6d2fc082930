import { failure } from '../src/errors/failure.ts';
import type { MergeRule } from '../src/metrics/merge.ts';
import type { ResolvedModel } from '../src/model/description.ts';
import { defineStage, paramsOf } from '../src/stage/stage-kind.ts';
import { err, ok } from '../src/util/result.ts';

interface EvaluateParams {
  readonly on: 'test' | 'validation';
  readonly batchSize: number;
  readonly merge?: MergeRule;
}

/** Runs a trained model over the test rows and takes its scores. */
export const evaluate = defineStage({
  kind: 'evaluate',
  version: 2,
  description:
    'Runs a trained model over the test rows: predictions, accuracy, macro and weighted scores, confusion, inference time.',
  params: paramsOf<EvaluateParams>({
    type: 'object',
    additionalProperties: false,
    properties: {
      on: { type: 'string', enum: ['test', 'validation'], default: 'test', description: 'Rows to evaluate on.' },
      batchSize: {
        type: 'integer',
        minimum: 1,
        default: 256,
        description: 'Rows a batch; changes the time, not the scores.',
      },
      merge: {
        anyOf: [
          { type: 'string', enum: ['emnist-bymerge', 'case'] },
          { type: 'array', minItems: 1, items: { type: 'array', minItems: 2, items: { type: 'string' } } },
        ],
        description:
          "Classes that also count as one, for scores beside the others: EMNIST's ByMerge, letters without their case, or lists of class names.",
      },
    },
  }),
  inputs: {
    weights: { type: 'weights', fitted: true, description: 'the trained model' },
    samples: { type: 'samples', description: 'the samples' },
    split: { type: 'split', description: 'roles and folds of the samples' },
  },
  outputs: {
    metrics: {
      type: 'metrics',
      description: 'accuracy, and precision, recall and F1: macro, weighted and of each class',
    },
    predictions: { type: 'predictions', description: 'label, predicted class and probabilities of each row' },
    confusion: { type: 'confusion', description: 'counts of predicted classes by true class' },
    calibration: { type: 'calibration', description: 'how often predictions of some probability are right' },
    writers: {
      type: 'table',
      optional: true,
      description: 'accuracy of each writer, where the samples know who wrote them',
    },
    timings: { type: 'timings', measured: true, description: 'seconds of inference, and of single calls' },
  },
  computes: true,
  // Times are compared between models: nothing may compute beside it.
  exclusive: true,
  run: async ({ params, inputs, outputs, compute, isExclusive, signal, progress, log }) => {
    const { openStudyData } = await import('../src/tensorflow/study-data.ts');
    const { evaluateModel } = await import('../src/tensorflow/evaluate-model.ts');
    const { latencyTimings, timingsTable } = await import('../src/tensorflow/tables.ts');
    const { bootstrapIntervals } = await import('../src/metrics/bootstrap.ts');
    const { createRandom } = await import('../src/util/random.ts');
    const { classificationScores, confusionMatrix } = await import('../src/metrics/classification.ts');
    const { calibrationOf } = await import('../src/metrics/calibration.ts');
    const { mergedClasses } = await import('../src/metrics/merge.ts');
    const { accuracyByGroup, writersTable } = await import('../src/metrics/writers.ts');
    const { calibrationTable, confusionTable, metricsTable } = await import('../src/metrics/tables.ts');
    const samples = inputs.samples.artifact;
    const data = openStudyData(samples, inputs.split.artifact);
    if (!data.ok) return data;
    const rows = data.value.rowsOf(params.on);
    if (rows.length === 0)
      return err(
        failure('evaluate-empty', `the split has no ${params.on} rows`, {
          hint: `give ${params.on}: in the split stage, or evaluate on other rows`,
        }),
      );
    const classes = JSON.parse(samples.metadata['classes'] ?? '[]') as string[];
    const merging = params.merge === undefined ? ok(undefined) : mergedClasses(params.merge, classes);
    if (!merging.ok) return merging;
    const model = JSON.parse(inputs.weights.artifact.metadata['model'] ?? '{}') as ResolvedModel;
    const ran = await evaluateModel({
      model,
      weights: inputs.weights.artifact,
      data: data.value,
      rows,
      batchSize: params.batchSize,
      compute,
      signal,
    });
    if (!ran.ok) return ran;
    const { predicted, probabilities, seconds, calls } = ran.value;
    const wasExclusive = isExclusive();
    const labels = Int32Array.from(rows, (row) => data.value.labels[row] as number);
    const confusion = confusionMatrix(labels, predicted, classes.length);
    const scores = classificationScores(confusion, classes.length);
    const metadata = {
      model: model.name,
      title: model.title,
      on: params.on,
      classes: JSON.stringify(classes),
      source: samples.metadata['source'] ?? '{}',
    };
    // The same rows are drawn for every model: their intervals differ by the models alone.
    const random = createRandom('bootstrap', rows.length);
    const intervals = bootstrapIntervals(labels, predicted, classes.length, { resamples: 10_000, random });
    const calibration = calibrationOf(probabilities, labels, predicted, classes.length);
    const joined = merging.value;
    const merged =
      joined === undefined
        ? {}
        : {
            merged: classificationScores(
              confusionMatrix(
                labels.map((label) => joined.of[label] as number),
                predicted.map((label) => joined.of[label] as number),
                joined.count,
              ),
              joined.count,
            ),
          };
    outputs.metrics.write(metricsTable(scores, classes, metadata, { intervals, calibration, ...merged }));
    outputs.calibration.write(calibrationTable(calibration, metadata));
    if (samples.has('writer')) {
      const writers = samples.numbers('writer');
      const groups = accuracyByGroup(
        Array.from(rows, (row) => writers[row] as number),
        labels,
        predicted,
      );
      outputs.writers.write(writersTable(groups, metadata));
    }
    outputs.confusion.write(confusionTable(confusion, classes, metadata));
    outputs.predictions.write({
      metadata,
      columns: [
        { name: 'id', kind: 'number', values: Int32Array.from(rows, (row) => data.value.ids[row] as number) },
        { name: 'label', kind: 'number', values: labels },
        { name: 'predicted', kind: 'number', values: predicted },
        { name: 'probabilities', kind: 'tensor', shape: [classes.length], values: probabilities },
      ],
    });
    outputs.timings.write(
      timingsTable(
        [
          { phase: 'inference', seconds, samples: rows.length },
          ...latencyTimings(calls.one, 1),
          ...latencyTimings(calls.batch, params.batchSize),
        ],
        wasExclusive,
      ),
    );
    log(
      `accuracy ${scores.accuracy.toFixed(4)}, macro F1 ${scores.macro.f1.toFixed(4)} on ${rows.length} ${params.on} rows in ${seconds.toFixed(2)} s`,
    );
    progress({ fraction: 1, score: scores.accuracy });
    return ok();
  },
});
