import { failure } from '../src/errors/failure.ts';
import type { ResolvedModel } from '../src/model/description.ts';
import { defineStage, type Input, type PartJob, paramsOf } from '../src/stage/stage-kind.ts';
import { err, ok, type Result } from '../src/util/result.ts';
import { type RefitParams, refit } from './refit.ts';

interface RefitsParams {
  readonly count: number;
}

interface Winner {
  readonly model: ResolvedModel;
  readonly accuracy: number;
  readonly macroF1: number;
}

/** A score of a `metrics` artifact. */
function scoreOf({ artifact }: Input, metric: string, average: string): number {
  const [metrics, averages] = [artifact.texts('metric'), artifact.texts('average')];
  const row = metrics.findIndex((one, index) => one === metric && averages[index] === average);
  return artifact.numbers('value')[row] ?? Number.NaN;
}

/** The most accurate model, the first of equals. Errors: scores without the weights that they are of. */
function winnerOf(metrics: readonly Input[], weights: readonly Input[]): Result<Winner> {
  const scored = metrics.map((input) => ({ input, accuracy: scoreOf(input, 'accuracy', '') }));
  const best = scored.reduce((top, one) => (one.accuracy > top.accuracy ? one : top));
  const key = JSON.stringify(best.input.matrix);
  const fitted = weights.filter(({ matrix }) => JSON.stringify(matrix) === key);
  const [only] = fitted;
  if (only === undefined || fitted.length > 1) {
    const what = Object.values(best.input.matrix).join(', ') || best.input.stage;
    return err(
      failure('refits-weights', `the scores of ${what} go with ${fitted.length} of the weights, not with one`, {
        hint: 'give metrics and weights of the same matrix, for example from: {metrics: "evaluate[*].metrics", weights: "fit[*]"}',
      }),
    );
  }
  const model = JSON.parse(only.artifact.metadata['model'] ?? '{}') as ResolvedModel;
  return ok({ model, accuracy: best.accuracy, macroF1: scoreOf(best.input, 'f1', 'macro') });
}

/** Trains the most accurate of some models again with other seeds: how much of its lead is the luck of one training. */
export const refits = defineStage({
  kind: 'refits',
  version: 1,
  description:
    'Trains the most accurate model again with other seeds and scores it on the test rows: how much one training differs from the next.',
  params: paramsOf<RefitsParams>({
    type: 'object',
    additionalProperties: false,
    properties: {
      count: {
        type: 'integer',
        minimum: 0,
        maximum: 100,
        default: 2,
        description: 'How often it is trained again; 0: not at all.',
      },
    },
  }),
  inputs: {
    metrics: { type: 'metrics', many: true, fitted: true, description: 'the scores of each model' },
    weights: { type: 'weights', many: true, fitted: true, description: 'the trained models' },
    samples: { type: 'samples', description: 'the samples' },
    split: { type: 'split', description: 'roles and folds of the samples' },
  },
  outputs: {
    refits: { type: 'refits', description: 'accuracy and macro F1 of each training; the first is the one that won' },
  },
  fanOut: {
    part: refit,
    expand: ({ params, inputs }): Result<PartJob<RefitParams>[]> => {
      const winner = winnerOf(inputs.metrics, inputs.weights);
      if (!winner.ok) return winner;
      const { input, layers, training } = winner.value.model;
      const model = { input, layers, training };
      return ok(
        Array.from({ length: params.count }, (_, index) => ({
          name: `seed ${index + 1}/${params.count}`,
          params: { model, number: index + 1 },
          seedParts: [index + 1],
          likeness: model,
        })),
      );
    },
  },
  run: async ({ inputs, parts, outputs, log, progress }) => {
    const { mean } = await import('../src/search/statistics.ts');
    const winner = winnerOf(inputs.metrics, inputs.weights);
    if (!winner.ok) return winner;
    const { model } = winner.value;
    const of = (column: string): number[] =>
      parts.map(({ artifacts }) => artifacts['scores']?.numbers(column)[0] ?? Number.NaN);
    const accuracy = Float64Array.of(winner.value.accuracy, ...of('accuracy'));
    const macroF1 = Float64Array.of(winner.value.macroF1, ...of('macro_f1'));
    log(`${model.title}: ${[...accuracy].map((value) => value.toFixed(4)).join(', ')}`);
    progress({ fraction: 1, score: mean([...accuracy].filter((value) => !Number.isNaN(value))) });
    outputs.refits.write({
      metadata: { model: model.name, title: model.title },
      columns: [
        { name: 'refit', kind: 'number', values: Int32Array.from(accuracy, (_, index) => index) },
        { name: 'accuracy', kind: 'number', values: accuracy },
        { name: 'macro_f1', kind: 'number', values: macroF1 },
      ],
    });
    return ok();
  },
});
