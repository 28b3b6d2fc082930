import type { ResolvedModel } from '../src/model/description.ts';
import { defineStage, paramsOf } from '../src/stage/stage-kind.ts';
import { err, ok } from '../src/util/result.ts';

export interface RefitParams {
  readonly model: Pick<ResolvedModel, 'input' | 'layers' | 'training'>;
  /** From 1: each number is another seed. */
  readonly number: number;
}

/** Trains a model again with another seed, on the same rows, and scores it on the test rows. */
export const refit = defineStage({
  kind: 'refit',
  version: 1,
  description: 'Trains a model once more with another seed and scores it on the test rows; refits are made of it.',
  params: paramsOf<RefitParams>({
    type: 'object',
    additionalProperties: false,
    required: ['model', 'number'],
    properties: {
      model: { type: 'object', description: 'A model with all values filled in.' },
      number: { type: 'integer', minimum: 1, description: 'Which refit it is: each has another seed.' },
    },
  }),
  inputs: {
    samples: { type: 'samples', description: 'the samples' },
    split: { type: 'split', description: 'roles and folds of the samples' },
  },
  outputs: { scores: { type: 'table', description: 'accuracy and macro F1; NaN where the fit diverged' } },
  computes: true,
  seeded: true,
  run: async ({ params, inputs, outputs, seed, compute, checkpoint, signal, progress, log }) => {
    const { finalFit } = await import('../src/tensorflow/final-fit.ts');
    const { runModel } = await import('../src/tensorflow/evaluate-model.ts');
    const { openStudyData } = await import('../src/tensorflow/study-data.ts');
    const { classificationScores, confusionMatrix } = await import('../src/metrics/classification.ts');
    const opened = openStudyData(inputs.samples.artifact, inputs.split.artifact);
    if (!opened.ok) return opened;
    const data = opened.value;
    const write = (accuracy: number, macroF1: number): void =>
      outputs.scores.write({
        columns: [
          { name: 'accuracy', kind: 'number', values: Float64Array.of(accuracy) },
          { name: 'macro_f1', kind: 'number', values: Float64Array.of(macroF1) },
        ],
      });
    const core = params.model;
    const fitted = await finalFit({
      core,
      data,
      seed,
      compute,
      checkpoint,
      signal,
      progress,
      log,
      title: `refit ${params.number}`,
    });
    if (!fitted.ok) {
      // That a seed diverges is what refits are made to find out: it is a result, not the end of the run.
      if (fitted.error.code !== 'fit-diverged') return err(fitted.error);
      write(Number.NaN, Number.NaN);
      return ok();
    }
    const rows = data.rowsOf('test');
    const { weights } = fitted.value;
    const ran = await runModel({ model: core, weights, data, rows, batchSize: 256, compute, signal });
    if (!ran.ok) return ran;
    const labels = Int32Array.from(rows, (row) => data.labels[row] as number);
    const confusion = confusionMatrix(labels, ran.value.predicted, data.classes);
    const scores = classificationScores(confusion, data.classes);
    write(scores.accuracy, scores.macro.f1);
    log(`accuracy ${scores.accuracy.toFixed(4)}, macro F1 ${scores.macro.f1.toFixed(4)} on ${rows.length} test rows`);
    progress({ fraction: 1, score: scores.accuracy });
    return ok();
  },
});
