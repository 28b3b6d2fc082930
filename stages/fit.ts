import { type ModelDescription, overrideMistakes, resolveModel } from '../src/model/description.ts';
import { defineStage, paramsOf } from '../src/stage/stage-kind.ts';
import type { JsonObject } from '../src/util/json.ts';
import { ok } from '../src/util/result.ts';

interface FitParams {
  readonly model: ModelDescription;
  readonly hyperparameters: JsonObject;
}

/** What is set: null leaves a hyperparameter as it is. */
function given(hyperparameters: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(hyperparameters).filter(([, value]) => value !== null));
}

/** Trains a model on all training rows, with the hyperparameters that a search chose. */
export const fit = defineStage({
  kind: 'fit',
  version: 1,
  description: 'Trains a model on all training rows, with the hyperparameters that a search chose.',
  params: paramsOf<FitParams>({
    type: 'object',
    additionalProperties: false,
    required: ['model'],
    properties: {
      model: { type: 'string', refersTo: 'models', description: 'Name of an entry of models:.' },
      hyperparameters: {
        type: 'object',
        default: {},
        description: "Hyperparameters to set, over the model's own and the search's; null leaves theirs.",
      },
    },
  }),
  check: ({ model, hyperparameters }) =>
    overrideMistakes(model, given(hyperparameters)).map((mistake) => ({
      ...mistake,
      path: ['hyperparameters', ...mistake.path],
    })),
  inputs: {
    samples: { type: 'samples', description: 'the samples' },
    split: { type: 'split', description: 'roles and folds of the samples' },
    search: { type: 'selection', optional: true, fitted: true, description: 'the search whose winner is fitted' },
  },
  outputs: {
    weights: { type: 'weights', description: 'the trained weights' },
    history: { type: 'history', description: 'loss and accuracy of training and validation rows, epoch by epoch' },
    timings: { type: 'timings', measured: true, description: 'seconds of training' },
  },
  computes: true,
  seeded: true,
  run: async ({ params, inputs, outputs, seed, compute, isExclusive, checkpoint, signal, progress, log }) => {
    const { finalFit } = await import('../src/tensorflow/final-fit.ts');
    const { openStudyData } = await import('../src/tensorflow/study-data.ts');
    const { historyColumns, stoppingMetadata, timingsTable, weightColumns } = await import(
      '../src/tensorflow/tables.ts'
    );
    const data = openStudyData(inputs.samples.artifact, inputs.split.artifact);
    if (!data.ok) return data;
    const search = inputs.search?.artifact;
    const winner = search?.numbers('selected').indexOf(1) ?? -1;
    const chosen = JSON.parse(search?.texts('params')[winner] ?? '{}') as JsonObject;
    const set = given(params.hyperparameters);
    const hyperparameters = { ...params.model.hyperparameters, ...chosen, ...set };
    const model = resolveModel(params.model, hyperparameters, data.value);
    if (!model.ok) return model;
    const fitted = await finalFit({
      core: model.value,
      title: model.value.title,
      data: data.value,
      seed,
      compute,
      checkpoint,
      signal,
      progress,
      log,
    });
    if (!fitted.ok) return fitted;
    const { history, weights, trainingSeconds, trainedSamples, validationSeconds, scoredSamples, parameters } =
      fitted.value;
    const source = inputs.samples.artifact.metadata['source'] ?? '{}';
    outputs.weights.write({
      metadata: { model: JSON.stringify(model.value), parameters: String(parameters), source },
      columns: weightColumns(weights),
    });
    outputs.history.write({ metadata: stoppingMetadata(fitted.value), columns: historyColumns(history) });
    outputs.timings.write(
      timingsTable(
        [
          { phase: 'training', seconds: trainingSeconds, samples: trainedSamples },
          { phase: 'validation', seconds: validationSeconds, samples: scoredSamples },
        ],
        isExclusive(),
      ),
    );
    return ok();
  },
});
