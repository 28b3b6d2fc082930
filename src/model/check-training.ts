import { isJsonObject, type Json, type JsonObject } from '../util/json.ts';
import { suggestion } from '../util/suggest.ts';
import { settingsMistakes } from './check.ts';
import type { ModelMistake } from './description.ts';
import { type LayerRules, losses, trainers } from './layers.ts';
import { commonConstants, isOptimizer, optimizerDefaults } from './optimizers.ts';
import { isSchedule, scheduleRules } from './schedules.ts';
import { augmentationRules, earlyStoppingRules } from './training-rules.ts';
import { shown, type ValueKind, valueProblem } from './value-kind.ts';

type Path = readonly (string | number)[];

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
  clipNorm: { type: 'number', minimum: 0, exclusive: 'minimum' },
  clipValue: { type: 'number', minimum: 0, exclusive: 'minimum' },
  globalClipNorm: { type: 'number', minimum: 0, exclusive: 'minimum' },
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
  const known = [...new Set([...Object.keys(optimizerDefaults[name]), ...commonConstants])];
  const clips = ['clipNorm', 'clipValue', 'globalClipNorm'].filter((key) => (constants[key] ?? null) !== null);
  if (clips.length > 1) {
    const message = `gradients are clipped in ${clips.length} ways: ${clips.join(', ')}`;
    return [{ path: [...path, name, clips[1] as string], message, hint: 'keep one of them' }];
  }
  return Object.entries(constants).flatMap(([key, value]): ModelMistake[] => {
    const at = [...path, name, key];
    if (!known.includes(key)) {
      const message = `the optimizer "${name}" has no constant "${key}"`;
      return [{ path: at, message, hint: suggestion(key, known) }];
    }
    if (value === null && !Object.hasOwn(optimizerDefaults[name], key)) return [];
    const problem = valueProblem(key, value, constantKinds[key] ?? { type: 'number', minimum: 0 });
    return problem === undefined ? [] : [{ path: at, ...problem }];
  });
}

/** Checks all of `training:`. */
export function trainingMistakes(training: JsonObject): ModelMistake[] {
  const given = (key: string): Json | undefined => training[key] ?? undefined;
  const check = (key: string, kind: ValueKind): ModelMistake[] => {
    const problem = valueProblem(key, training[key] ?? null, kind);
    return problem === undefined ? [] : [{ path: ['training', key], ...problem }];
  };
  const checkMap = (key: string, rules: LayerRules): ModelMistake[] => {
    const value = given(key);
    const path = ['training', key];
    if (value === undefined) return [];
    if (isJsonObject(value)) return settingsMistakes(key, value, rules, path);
    return [{ path, message: `"${key}" must be a map, got ${shown(value)}`, hint: mapHint(rules) }];
  };
  return [
    ...optimizerMistakes(training['optimizer']),
    ...check('batchSize', { type: 'count' }),
    ...check('epochs', { type: 'count' }),
    ...(given('loss') === undefined ? [] : check('loss', { type: 'choice', choices: losses })),
    ...(given('trainer') === undefined ? [] : check('trainer', { type: 'choice', choices: trainers })),
    ...learningRateMistakes(training),
    ...classWeightMistakes(given('classWeights')),
    ...checkMap('earlyStopping', earlyStoppingRules),
    ...checkMap('augmentation', augmentationRules),
  ];
}

function mapHint(rules: LayerRules): string {
  return `its settings are ${Object.keys(rules).join(', ')}`;
}

function learningRateMistakes(training: JsonObject): ModelMistake[] {
  const value = training['learningRate'] ?? null;
  const path = ['training', 'learningRate'];
  if (value === null) return [];
  const mistakes = isJsonObject(value) ? scheduleMistakes(value, path) : [];
  const problem = isJsonObject(value)
    ? undefined
    : valueProblem('learningRate', value, { type: 'number', minimum: 0, exclusive: 'minimum' });
  const hint = "null takes the optimizer's own default; a schedule is a map of its name to its constants";
  if (problem !== undefined) mistakes.push({ path, hint, ...problem });
  if (optimizerParts(training['optimizer']).constants['learningRate'] !== undefined) {
    const message = 'the learning rate is given twice, here and among the constants of the optimizer';
    mistakes.push({ path, message, hint: 'set this one to null' });
  }
  return mistakes;
}

function scheduleMistakes(content: JsonObject, path: Path): ModelMistake[] {
  const names = Object.keys(scheduleRules);
  const [[name, constants] = ['', null], ...more] = Object.entries(content);
  if (more.length > 0)
    return [{ path, message: 'a schedule is a map of one name to its constants', hint: `known: ${names.join(', ')}` }];
  if (!isSchedule(name))
    return [{ path, message: `there is no learning-rate schedule "${name}"`, hint: suggestion(name, names) }];
  const rules = scheduleRules[name];
  const below = [...path, name];
  if (!isJsonObject(constants))
    return [{ path: below, message: `"${name}" must be a map of its constants`, hint: mapHint(rules) }];
  const mistakes = settingsMistakes(`the schedule "${name}"`, constants, rules, below);
  if (mistakes.length > 0) return mistakes;
  if (name === 'cosineDecay') return warmUpMistakes(constants, below);
  return name === 'piecewiseConstantDecay' ? pieceMistakes(constants, below) : [];
}

/** Keras takes these silently, and then never warms up, or never learns. */
function warmUpMistakes({ initialLearningRate, warmupTarget, warmupSteps }: JsonObject, path: Path): ModelMistake[] {
  if (warmupTarget !== undefined) return [];
  const hint = 'add warmupTarget: the learning rate that the warm-up rises to';
  if (warmupSteps !== undefined && warmupSteps !== 0)
    return [
      { path: [...path, 'warmupSteps'], message: `"warmupSteps" is ${warmupSteps} without a warmupTarget`, hint },
    ];
  const message = 'the learning rate begins at 0 and nothing raises it';
  return initialLearningRate === 0 ? [{ path: [...path, 'initialLearningRate'], message, hint }] : [];
}

function pieceMistakes(constants: JsonObject, path: Path): ModelMistake[] {
  const [boundaries, values] = [constants['boundaries'], constants['values']] as [number[], number[]];
  if (values.length !== boundaries.length + 1) {
    const message = `${boundaries.length} boundaries want ${boundaries.length + 1} values, got ${values.length}`;
    return [{ path: [...path, 'values'], message }];
  }
  const sorted = boundaries.every((boundary, index) => index === 0 || boundary > (boundaries[index - 1] as number));
  return sorted ? [] : [{ path: [...path, 'boundaries'], message: 'boundaries must rise' }];
}

function classWeightMistakes(value: Json | undefined): ModelMistake[] {
  const path = ['training', 'classWeights'];
  const hint = 'write balanced, or a map of names of classes to weights; classes that are not named count 1';
  if (value === undefined || value === 'balanced') return [];
  if (!isJsonObject(value)) return [{ path, message: `"classWeights" cannot be ${shown(value)}`, hint }];
  return Object.entries(value).flatMap(([name, weight]): ModelMistake[] => {
    const problem = valueProblem(name, weight, { type: 'number', minimum: 0 });
    return problem === undefined ? [] : [{ path: [...path, name], ...problem }];
  });
}
