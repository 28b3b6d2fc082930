import type { Json, JsonObject } from '../util/json.ts';
import { suggestion } from '../util/suggest.ts';
import type { DataShape, ModelMistake, ResolvedLayer } from './description.ts';
import { type LayerRules, layerForms } from './layers.ts';
import { valueProblem } from './value-kind.ts';

type Path = readonly (string | number)[];

/** Checks a layer's name and settings. */
export function layerMistakes({ layer, config }: ResolvedLayer, index: number): ModelMistake[] {
  const path = ['layers', index, layer];
  const rules = Object.hasOwn(layerForms, layer) ? layerForms[layer] : undefined;
  if (rules === undefined)
    return [{ path, message: `there is no layer "${layer}"`, hint: suggestion(layer, Object.keys(layerForms)) }];
  return settingsMistakes(`the layer "${layer}"`, config, rules, path);
}

/** Checks settings against their rules: what is missing, what is not known, and values. `what` is whose they are. */
export function settingsMistakes(what: string, settings: JsonObject, rules: LayerRules, path: Path): ModelMistake[] {
  const missing = Object.keys(rules).filter((key) => rules[key]?.required === true && settings[key] === undefined);
  return [
    ...missing.map((key) => ({ path, message: `${what} has no "${key}"`, hint: `add ${key}: …` })),
    ...Object.entries(settings).flatMap(([key, value]) => settingMistakes(what, key, value, rules, path)),
  ];
}

function settingMistakes(what: string, key: string, value: Json, rules: LayerRules, below: Path): ModelMistake[] {
  const path = [...below, key];
  const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
  if (rule === undefined) {
    const message = `"${key}" is not a setting of ${what}`;
    return [{ path, message, hint: suggestion(key, Object.keys(rules)) }];
  }
  const problem = valueProblem(key, value, rule.kind);
  if (problem !== undefined) return [{ path, ...problem }];
  return rule.kind.type === 'layer' ? innerMistakes(value as JsonObject, path) : [];
}

/** Checks the layer inside a layer. */
function innerMistakes(content: JsonObject, path: Path): ModelMistake[] {
  return Object.entries(content).flatMap(([layer, config]): ModelMistake[] => {
    const settings = (config ?? {}) as JsonObject;
    return settingsMistakes(`the layer "${layer}"`, settings, layerForms[layer] ?? {}, [...path, layer]);
  });
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
