import { failure } from '../errors/failure.ts';
import { isJsonObject, type Json, type JsonObject } from '../util/json.ts';
import { err, ok, type Result } from '../util/result.ts';
import { suggestion } from '../util/suggest.ts';
import { lastLayerMistakes, layerMistakes } from './check.ts';
import { optimizerParts, trainingMistakes } from './check-training.ts';
import type {
  DataShape,
  ModelDescription,
  ModelMistake,
  ResolvedLayer,
  ResolvedModel,
  TrainingSetting,
} from './description.ts';
import { isOptimizer, type OptimizerSetting, optimizerDefaults } from './optimizers.ts';
import { fillPlaceholders } from './placeholders.ts';
import type { Schedule } from './schedules.ts';
import { augmentationDefaults, type ClassWeights, earlyStoppingDefaults } from './training-rules.ts';

/** A description with values in the place of its placeholders, and all that is wrong with them. */
export interface FilledModel {
  readonly layers: readonly ResolvedLayer[];
  readonly training: JsonObject;
  readonly mistakes: readonly ModelMistake[];
  /** Hyperparameters that are referred to. */
  readonly used: ReadonlySet<string>;
  /** Paths, joined by "/", of values that were made of the data's sizes. */
  readonly ofData: ReadonlySet<string>;
}

/** Puts values into a model and checks it. */
export function fillModel(description: ModelDescription, hyperparameters: JsonObject, data: DataShape): FilledModel {
  const source = { layers: description.layers, training: description.training } as unknown as Json;
  const { value, mistakes, used, ofData } = fillPlaceholders(source, { hyper: hyperparameters, data: { ...data } });
  const filled = value as unknown as { layers: readonly JsonObject[]; training: JsonObject };
  const layers = filled.layers.map((entry): ResolvedLayer => {
    const [[layer, config] = ['', {}]] = Object.entries(entry);
    return { layer, config: isJsonObject(config) ? config : {} };
  });
  const unfilled = new Set(mistakes.map(({ path }) => path.join('/')));
  // A placeholder that could not be filled is one mistake, not two.
  const more = [
    ...layers.flatMap((layer, index) => layerMistakes(layer, index)),
    ...lastLayerMistakes(layers, data),
    ...trainingMistakes(filled.training),
  ].filter(({ path }) => !unfilled.has(path.join('/')));
  return { layers, training: filled.training, mistakes: [...mistakes, ...more], used, ofData };
}

/**
 * A model with all its values. `hyperparameters` are complete: the model's own with those that a search or a stage
 * set. Errors: `model`, which names the first wrong value.
 */
export function resolveModel(
  description: ModelDescription,
  hyperparameters: JsonObject,
  data: DataShape,
): Result<ResolvedModel> {
  const { name, title, input } = description;
  const known = Object.keys(description.hyperparameters);
  const unknown = Object.keys(hyperparameters).find((key) => !known.includes(key));
  if (unknown !== undefined)
    return err(
      failure('model', `model "${name}" has no hyperparameter "${unknown}"`, { hint: suggestion(unknown, known) }),
    );
  const { layers, training, mistakes } = fillModel(description, hyperparameters, data);
  const [first] = mistakes;
  if (first !== undefined)
    return err(failure('model', `model "${name}", ${first.path.join('.')}: ${first.message}`, { hint: first.hint }));
  return ok({ name, title: title ?? name, input, layers, training: trainingSetting(training), hyperparameters });
}

function trainingSetting(training: JsonObject): TrainingSetting {
  const { name, constants } = optimizerParts(training['optimizer']);
  const defaults = isOptimizer(name) ? optimizerDefaults[name] : undefined;
  const rate = training['learningRate'] ?? null;
  const schedule = isJsonObject(rate) ? scheduleOf(rate) : undefined;
  const set = Object.fromEntries(Object.entries(constants).filter(([, constant]) => constant !== null));
  const optimizer = { name, ...defaults, ...set, ...(typeof rate === 'number' ? { learningRate: rate } : {}) };
  const given = (key: string): Json | undefined => training[key] ?? undefined;
  // What is not asked for is not named either: it would change the fingerprints of models that do without it.
  return {
    optimizer: optimizer as unknown as OptimizerSetting,
    batchSize: training['batchSize'] as number,
    epochs: training['epochs'] as number,
    loss: (training['loss'] as string | null | undefined) ?? 'sparseCategoricalCrossentropy',
    ...(schedule === undefined ? {} : { schedule }),
    ...(given('trainer') === 'eager' ? { trainer: 'eager' as const } : {}),
    ...(given('classWeights') === undefined ? {} : { classWeights: given('classWeights') as ClassWeights }),
    ...withDefaults('earlyStopping', given('earlyStopping'), earlyStoppingDefaults),
    ...withDefaults('augmentation', given('augmentation'), augmentationDefaults),
  };
}

function scheduleOf(content: JsonObject): Schedule | undefined {
  const [[name, constants] = ['', null]] = Object.entries(content);
  return isJsonObject(constants) ? ({ name, ...constants } as unknown as Schedule) : undefined;
}

function withDefaults<Name extends string, Setting extends object>(
  name: Name,
  given: Json | undefined,
  defaults: Setting,
): { readonly [Key in Name]?: Setting } {
  if (!isJsonObject(given)) return {};
  return { [name]: { ...defaults, ...given } } as { readonly [Key in Name]: Setting };
}
