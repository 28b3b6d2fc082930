import type { ModelCore } from '../src/model/description.ts';
import { defineStage, paramsOf } from '../src/stage/stage-kind.ts';
import type { JsonObject } from '../src/util/json.ts';
import { ok } from '../src/util/result.ts';

export interface FoldParams {
  readonly model: ModelCore;
  /** The fold that is left out of training and scored. */
  readonly fold: number;
  /** Which division into folds it is of, from 0; left out: the first. */
  readonly repeat?: number;
  /** Another fold that is left out of training, and not scored. */
  readonly without?: number;
  /** The epoch after which it is scored; left out: all of the model's. */
  readonly until?: number;
  /** Scores the fold after every epoch too, for learning curves. */
  readonly curves?: true;
}

/**
 * Trains one model on all folds but one and scores it on that one. Searches run it for every combination and fold;
 * its parameters are what the combination comes to, so that another search that meets the same one finds it cached.
 * With `until` it ends after some epochs and leaves a checkpoint, from which another job goes on to the same bits.
 */
export const fold = defineStage({
  kind: 'fold',
  version: 1,
  description: 'Trains one model on all folds but one and scores it on that one; searches are made of it.',
  params: paramsOf<FoldParams>({
    type: 'object',
    additionalProperties: false,
    required: ['model', 'fold'],
    properties: {
      model: { type: 'object', description: 'A model with all values filled in.' },
      fold: { type: 'integer', minimum: 0, description: 'The fold to score, from 0.' },
      repeat: { type: 'integer', minimum: 0, description: 'Which division into folds; left out: the first.' },
      without: { type: 'integer', minimum: 0, description: 'Another fold to leave out of training.' },
      until: { type: 'integer', minimum: 1, description: 'The epoch after which to score; left out: all epochs.' },
      curves: { const: true, description: 'Score the fold after every epoch too, for learning curves.' },
    },
  }),
  inputs: {
    samples: { type: 'samples', description: 'the samples' },
    split: { type: 'split', description: 'roles and folds of the samples' },
    checkpoint: { type: 'checkpoint', optional: true, description: 'the same fit after some of its epochs' },
  },
  outputs: {
    scores: { type: 'fold-scores', description: 'loss and accuracy, epoch by epoch' },
    timings: { type: 'timings', measured: true, description: 'seconds of training and scoring' },
    checkpoint: { type: 'checkpoint', optional: true, description: 'the fit, where it ended before all its epochs' },
  },
  computes: true,
  seeded: true,
  // The number of epochs changes what is done in each of them where a schedule is stretched over all, or where one is watched.
  goesOn: ({ model, fold, repeat = 0, without, curves }) => {
    const { epochs: _, ...training } = model.training;
    if (training.schedule !== undefined || training.earlyStopping !== undefined) return undefined;
    const { input, layers } = model;
    return {
      input,
      layers,
      training,
      fold,
      repeat,
      without: without ?? null,
      curves: curves ?? null,
    } as unknown as JsonObject;
  },
  run: async ({ params, inputs, outputs, seed, compute, isExclusive, checkpoint, signal, progress, log }) => {
    const { fitRows } = await import('../src/tensorflow/fit-rows.ts');
    const { checkpointTable, goingOn, leaveBehind } = await import('../src/tensorflow/checkpoint-artifact.ts');
    const { openStudyData } = await import('../src/tensorflow/study-data.ts');
    const { historyColumns, stoppingMetadata, timingsTable } = await import('../src/tensorflow/tables.ts');
    const data = openStudyData(inputs.samples.artifact, inputs.split.artifact);
    if (!data.ok) return data;
    const training = data.value.rowsOf('train');
    const fold = data.value.foldOf(params.repeat ?? 0);
    const rows = training.filter((row) => fold[row] !== params.fold && fold[row] !== params.without);
    const scored = training.filter((row) => fold[row] === params.fold);
    const fitted = await fitRows({
      core: params.model,
      data: data.value,
      rows,
      validation: { rows: scored, when: isScoredEachEpoch(params) ? 'every epoch' : 'end' },
      ...(params.until === undefined ? {} : { until: params.until }),
      seed,
      compute,
      checkpoint: goingOn(checkpoint, inputs.checkpoint?.artifact, params.until ?? params.model.training.epochs),
      keepsPosition: checkpoint.shared !== undefined,
      signal,
      progress,
      log,
    });
    if (!fitted.ok) return fitted;
    const { history, score, diverged, trainingSeconds, trainedSamples, validationSeconds, scoredSamples, parameters } =
      fitted.value;
    outputs.scores.write({
      metadata: {
        // A fit that diverged has no score: NaN, which every other one beats.
        accuracy: String(score.accuracy),
        loss: String(score.loss),
        ...stoppingMetadata(fitted.value),
        parameters: String(parameters),
        diverged: diverged === undefined ? '' : `epoch ${diverged.epoch}, batch ${diverged.batch}`,
      },
      columns: historyColumns(history),
    });
    const scorings = isScoredEachEpoch(params) ? Math.max(1, scoredSamples / scored.length) : 1;
    // What it went on from was trained, and timed, by the job before.
    const before = rows.length * Number(inputs.checkpoint?.artifact.metadata['epoch'] ?? 0);
    outputs.timings.write(
      timingsTable(
        [
          { phase: 'training', seconds: trainingSeconds, samples: trainedSamples - before },
          // Searches compare what scoring the fold once takes.
          { phase: 'inference', seconds: validationSeconds / scorings, samples: scoredSamples / scorings },
        ],
        isExclusive(),
      ),
    );
    const { position } = fitted.value;
    leaveBehind(checkpoint, diverged === undefined ? position : undefined);
    if (position !== undefined && params.until !== undefined) outputs.checkpoint.write(checkpointTable(position));
    return ok();
  },
});

/** Early stopping would watch what is scored after every epoch, and the score would be too good: its curves are of rows of its own. */
function isScoredEachEpoch({ curves, model }: FoldParams): boolean {
  return curves === true && model.training.earlyStopping === undefined;
}
