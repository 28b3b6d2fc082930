import { type Failure, failure } from '../errors/failure.ts';
import { isJsonObject, type Json, type JsonObject } from '../util/json.ts';
import { err, ok, type Result } from '../util/result.ts';
import { suggestion } from '../util/suggest.ts';
import type {
  DataShape,
  ModelDescription,
  ModelMistake,
  ResolvedLayer,
  ResolvedModel,
  TrainingSetting,
} from './description.ts';
import { activationKeys, activations, initializerKeys, initializers, layerForms, losses, wholeKeys } from './layers.ts';
import { isOptimizer, type OptimizerSetting, optimizerDefaults } from './optimizers.ts';
import { fillPlaceholders } from './placeholders.ts';

/** Puts values into a model; wrong values (a grid can hold any) are a failure that names the place in the model. */
export function resolveModel(
  description: ModelDescription,
  hyperparameters: JsonObject,
  data: DataShape,
): Result<ResolvedModel> {
  const { model, mistakes } = fillModel(description, hyperparameters, data);
  const [first] = mistakes;
  if (first !== undefined) return err(modelFailure(description.name, first));
  return ok(model);
}

function modelFailure(name: string, mistake: ModelMistake): Failure {
  return failure('model', `model "${name}", ${mistake.path.join('.')}: ${mistake.message}`, { hint: mistake.hint });
}

/** A model with its values, all mistakes in it, and the hyperparameters that it uses. */
export function fillModel(
  description: ModelDescription,
  hyperparameters: JsonObject,
  data: DataShape,
): { readonly model: ResolvedModel; readonly mistakes: ModelMistake[]; readonly used: ReadonlySet<string> } {
  const scope = { hyper: hyperparameters, data: { ...data } };
  const layers = fillPlaceholders(description.layers as unknown as Json, scope);
  const training = fillPlaceholders(description.training as unknown as Json, scope);
  const at = (prefix: string, list: readonly ModelMistake[]): ModelMistake[] =>
    list.map((mistake) => ({ ...mistake, path: [prefix, ...mistake.path] }));
  const mistakes = [...at('layers', layers.mistakes), ...at('training', training.mistakes)];
  const resolved: ResolvedLayer[] = [];
  if (mistakes.length === 0) {
    for (const [index, entry] of (layers.value as unknown as Readonly<Record<string, JsonObject>>[]).entries()) {
      const [[layer, config] = ['', {}]] = Object.entries(entry);
      mistakes.push(
        ...at(
          'layers',
          layerMistakes(layer, config).map((mistake) => ({ ...mistake, path: [index, ...mistake.path] })),
        ),
      );
      resolved.push({ layer, config });
    }
    mistakes.push(...at('layers', lastLayerMistakes(resolved, data)));
    mistakes.push(...at('training', trainingMistakes(training.value as JsonObject)));
  }
  const setting = mistakes.length > 0 ? undefined : trainingSetting(training.value as JsonObject);
  const model = {
    name: description.name,
    title: description.title ?? description.name,
    input: description.input,
    layers: resolved,
    training: setting as TrainingSetting,
    hyperparameters,
  };
  return { model, mistakes, used: new Set([...layers.used, ...training.used]) };
}

function layerMistakes(layer: string, config: JsonObject): ModelMistake[] {
  const form = Object.hasOwn(layerForms, layer) ? layerForms[layer] : undefined;
  if (form === undefined)
    return [
      { path: [layer], message: `there is no layer "${layer}"`, hint: suggestion(layer, Object.keys(layerForms)) },
    ];
  const known = [...form.required, ...form.optional];
  const mistakes: ModelMistake[] = [];
  for (const key of form.required) {
    if (config[key] === undefined)
      mistakes.push({ path: [layer], message: `the layer "${layer}" has no "${key}"`, hint: `add ${key}: …` });
  }
  for (const [key, content] of Object.entries(config)) {
    if (!known.includes(key))
      mistakes.push({
        path: [layer, key],
        message: `"${key}" is not a setting of the layer "${layer}"`,
        hint: suggestion(key, known),
      });
    else mistakes.push(...valueMistakes(key, content).map((mistake) => ({ ...mistake, path: [layer, key] })));
  }
  return mistakes;
}

function valueMistakes(key: string, content: Json): Omit<ModelMistake, 'path'>[] {
  if (wholeKeys.includes(key) && !(Number.isInteger(content) && Number(content) >= 1)) {
    return [{ message: `"${key}" must be a whole number of at least 1, got ${JSON.stringify(content)}` }];
  }
  if (key === 'rate' && !(typeof content === 'number' && content >= 0 && content < 1)) {
    return [{ message: `"rate" must be a number from 0 to below 1, got ${JSON.stringify(content)}` }];
  }
  if (activationKeys.includes(key) && !activations.some((name) => name === content)) {
    return [
      { message: `there is no activation ${JSON.stringify(content)}`, hint: suggestion(String(content), activations) },
    ];
  }
  if (initializerKeys.includes(key) && !initializers.some((name) => name === content)) {
    return [
      {
        message: `there is no initializer ${JSON.stringify(content)}`,
        hint: suggestion(String(content), initializers),
      },
    ];
  }
  return [];
}

function lastLayerMistakes(layers: readonly ResolvedLayer[], data: DataShape): ModelMistake[] {
  const last = layers.at(-1);
  const path = [layers.length - 1];
  const hint = 'end with - dense: {units: "${data.classes}", activation: softmax}';
  if (last?.layer !== 'dense' || last.config['activation'] !== 'softmax')
    return [{ path, message: 'the last layer must be dense with the activation softmax', hint }];
  if (last.config['units'] !== data.classes)
    return [
      {
        path,
        message: `the last layer has ${JSON.stringify(last.config['units'])} units for ${data.classes} classes`,
        hint,
      },
    ];
  return [];
}

function optimizerParts(content: Json | undefined): { readonly name: string; readonly constants: JsonObject } {
  if (!isJsonObject(content)) return { name: String(content), constants: {} };
  const [[name, constants] = ['', {}]] = Object.entries(content);
  return { name, constants: isJsonObject(constants) ? constants : {} };
}

function trainingMistakes(training: JsonObject): ModelMistake[] {
  const mistakes: ModelMistake[] = [];
  for (const key of ['batchSize', 'epochs'])
    mistakes.push(...valueMistakes(key, training[key] ?? null).map((mistake) => ({ ...mistake, path: [key] })));
  const { name, constants } = optimizerParts(training['optimizer']);
  if (!isOptimizer(name))
    return [
      ...mistakes,
      {
        path: ['optimizer'],
        message: `there is no optimizer "${name}"`,
        hint: suggestion(name, Object.keys(optimizerDefaults)),
      },
    ];
  const known: Readonly<Record<string, number | boolean>> = optimizerDefaults[name];
  for (const [key, content] of Object.entries(constants)) {
    if (!Object.hasOwn(known, key))
      mistakes.push({
        path: ['optimizer', name, key],
        message: `the optimizer "${name}" has no constant "${key}"`,
        hint: suggestion(key, Object.keys(known)),
      });
    else if (typeof content !== typeof known[key])
      mistakes.push({
        path: ['optimizer', name, key],
        message: `"${key}" must be a ${typeof known[key]}, got ${JSON.stringify(content)}`,
      });
  }
  const rate = training['learningRate'] ?? null;
  if (rate !== null && !(typeof rate === 'number' && rate > 0))
    mistakes.push({
      path: ['learningRate'],
      message: `"learningRate" must be a number above 0, or null for the default, got ${JSON.stringify(rate)}`,
    });
  const loss = training['loss'];
  if (loss !== undefined && !losses.some((known) => known === loss))
    mistakes.push({
      path: ['loss'],
      message: `there is no loss ${JSON.stringify(loss)}`,
      hint: suggestion(String(loss), losses),
    });
  return mistakes;
}

function trainingSetting(training: JsonObject): TrainingSetting {
  const { name, constants } = optimizerParts(training['optimizer']);
  const defaults = isOptimizer(name) ? optimizerDefaults[name] : undefined;
  const rate = training['learningRate'] ?? null;
  const optimizer = { name, ...defaults, ...constants, ...(rate === null ? {} : { learningRate: rate }) };
  return {
    optimizer: optimizer as unknown as OptimizerSetting,
    batchSize: training['batchSize'] as number,
    epochs: training['epochs'] as number,
    loss: (training['loss'] as string | undefined) ?? 'sparseCategoricalCrossentropy',
  };
}
