import { isJsonObject, type Json, type JsonObject } from '../util/json.ts';
import { suggestion } from '../util/suggest.ts';
import type { DataShape, ModelMistake, ResolvedLayer } from './description.ts';
import { type LayerRules, layerForms, losses } from './layers.ts';
import { isOptimizer, optimizerDefaults } from './optimizers.ts';
import { type ValueKind, valueProblem } from './value-kind.ts';

type Path = readonly (string | number)[];

/** Checks a layer's name and settings. */
export function layerMistakes({ layer, config }: ResolvedLayer, index: number): ModelMistake[] {
  const path = ['layers', index, layer];
  const rules = Object.hasOwn(layerForms, layer) ? layerForms[layer] : undefined;
  if (rules === undefined)
    return [{ path, message: `there is no layer "${layer}"`, hint: suggestion(layer, Object.keys(layerForms)) }];
  const missing = Object.keys(rules).filter((key) => rules[key]?.required === true && config[key] === undefined);
  return [
    ...missing.map((key) => ({ path, message: `the layer "${layer}" has no "${key}"`, hint: `add ${key}: …` })),
    ...Object.entries(config).flatMap(([key, value]) => settingMistakes(layer, key, value, rules, path)),
  ];
}

function settingMistakes(layer: string, key: string, value: Json, rules: LayerRules, below: Path): ModelMistake[] {
  const path = [...below, key];
  const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
  if (rule === undefined) {
    const message = `"${key}" is not a setting of the layer "${layer}"`;
    return [{ path, message, hint: suggestion(key, Object.keys(rules)) }];
  }
  const problem = valueProblem(key, value, rule.kind);
  return problem === undefined ? [] : [{ path, ...problem }];
}

/** The last layer must give the probabilities of the classes. */
export function lastLayerMistakes(layers: readonly ResolvedLayer[], data: DataShape): ModelMistake[] {
  const last = layers.at(-1);
  const path = ['layers', Math.max(0, layers.length - 1)];
  const hint = 'end with - dense: {units: "${data.classes}", activation: softmax}';
  if (last?.layer !== 'dense' || last.config['activation'] !== 'softmax')
    return [{ path, message: 'the last layer must be dense with the activation softmax', hint }];
  const { units } = last.config;
  if (typeof units !== 'number' || units === data.classes) return [];
  const message = `the last layer has ${units} units for ${data.classes} classes`;
  return [{ path: [...path, 'dense', 'units'], message, hint }];
}

/** The name and the constants of `optimizer:`, a name or a map of one name. */
export function optimizerParts(content: Json | undefined): { readonly name: string; readonly constants: JsonObject } {
  if (!isJsonObject(content)) return { name: typeof content === 'string' ? content : '', constants: {} };
  const [[name, constants] = ['', {}], ...more] = Object.entries(content);
  return more.length > 0 ? { name: '', constants: {} } : { name, constants: isJsonObject(constants) ? constants : {} };
}

/** What each constant of an optimizer may be; the ranges are those in which its formulas have a meaning. */
const constantKinds: Readonly<Record<string, ValueKind>> = {
  ...Object.fromEntries(
    ['beta1', 'beta2', 'rho', 'momentum'].map((name) => [
      name,
      { type: 'number', minimum: 0, maximum: 1, exclusive: 'maximum' } as const,
    ]),
  ),
  learningRate: { type: 'number', minimum: 0, exclusive: 'minimum' },
  epsilon: { type: 'number', minimum: 0, exclusive: 'minimum' },
  learningRatePower: { type: 'number', maximum: 0 },
  nesterov: { type: 'boolean' },
  centered: { type: 'boolean' },
};

function optimizerMistakes(content: Json | undefined): ModelMistake[] {
  const path = ['training', 'optimizer'];
  const { name, constants } = optimizerParts(content);
  if (!isOptimizer(name)) {
    const message = `there is no optimizer ${JSON.stringify(content ?? null)}`;
    return [{ path, message, hint: suggestion(name, Object.keys(optimizerDefaults)) }];
  }
  const known = Object.keys(optimizerDefaults[name]);
  return Object.entries(constants).flatMap(([key, value]): ModelMistake[] => {
    const at = [...path, name, key];
    if (!known.includes(key)) {
      const message = `the optimizer "${name}" has no constant "${key}"`;
      return [{ path: at, message, hint: suggestion(key, known) }];
    }
    const problem = valueProblem(key, value, constantKinds[key] ?? { type: 'number', minimum: 0 });
    return problem === undefined ? [] : [{ path: at, ...problem }];
  });
}

/** Checks the optimizer, batch size, epochs, learning rate and loss. */
export function trainingMistakes(training: JsonObject): ModelMistake[] {
  const mistakes = optimizerMistakes(training['optimizer']);
  const check = (key: string, kind: ValueKind, hint?: string): void => {
    const problem = valueProblem(key, training[key] ?? null, kind);
    if (problem !== undefined)
      mistakes.push({ path: ['training', key], ...(hint === undefined ? {} : { hint }), ...problem });
  };
  check('batchSize', { type: 'count' });
  check('epochs', { type: 'count' });
  if ((training['loss'] ?? null) !== null) check('loss', { type: 'choice', choices: losses });
  if ((training['learningRate'] ?? null) === null) return mistakes;
  check('learningRate', { type: 'number', minimum: 0, exclusive: 'minimum' }, "null takes the optimizer's own default");
  if (optimizerParts(training['optimizer']).constants['learningRate'] !== undefined) {
    const message = 'the learning rate is given twice, here and among the constants of the optimizer';
    mistakes.push({ path: ['training', 'learningRate'], message, hint: 'set this one to null' });
  }
  return mistakes;
}
