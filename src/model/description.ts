import type { JsonSchema } from '../stage/stage-kind.ts';
import type { Json, JsonObject } from '../util/json.ts';
import { type LayerRules, layerForms } from './layers.ts';
import type { OptimizerSetting } from './optimizers.ts';
import { valueSchema } from './value-kind.ts';

export { resolveModel } from './resolve.ts';
export { gridMistakes, overrideMistakes, validateModel } from './validate.ts';

/** How a sample is given to the first layer: [height * width], [height, width] or [height, width, 1]. */
export type ModelInput = 'flat' | 'sequence' | 'image';

/** A model as it stands in YAML: layers with `${hyper.…}` and `${data.…}` still in them. */
export interface ModelDescription {
  readonly name: string;
  readonly title?: string;
  readonly input: ModelInput;
  /** Each one a map of one entry: the layer's name and its configuration. */
  readonly layers: readonly Readonly<Record<string, JsonObject>>[];
  readonly training: {
    readonly optimizer: Json;
    readonly learningRate?: Json;
    readonly batchSize: Json;
    readonly epochs: Json;
    readonly loss?: string;
  };
  readonly hyperparameters: JsonObject;
}

export interface ResolvedLayer {
  readonly layer: string;
  readonly config: JsonObject;
}

export interface TrainingSetting {
  readonly optimizer: OptimizerSetting;
  readonly batchSize: number;
  readonly epochs: number;
  readonly loss: string;
  /** How steps are run on native TensorFlow: one graph a step (the default), or operation by operation. */
  readonly trainer?: 'graph' | 'eager';
}

/** The part of a resolved model that determines what it computes. */
export interface ModelCore {
  readonly input: ModelInput;
  readonly layers: readonly ResolvedLayer[];
  readonly training: TrainingSetting;
}

/** A model whose every value is known. */
export interface ResolvedModel extends ModelCore {
  readonly name: string;
  readonly title: string;
  readonly hyperparameters: JsonObject;
}

/** Size of a sample and number of classes; what `${data.…}` refers to. */
export interface DataShape {
  readonly classes: number;
  readonly height: number;
  readonly width: number;
}

const value = { description: 'A value, or ${hyper.name} (also ${hyper.name / 2}).' };

function layerSchema(rules: LayerRules): JsonSchema {
  const properties = Object.fromEntries(Object.entries(rules).map(([key, rule]) => [key, valueSchema(rule)]));
  const isEmptyEnough = Object.values(rules).every((rule) => rule.required !== true);
  return { type: isEmptyEnough ? ['object', 'null'] : 'object', properties };
}

/** Schema of an entry of `models:`. What depends on the layer is checked by `validateModel`, which can suggest. */
export const modelSchema: JsonSchema = {
  type: 'object',
  required: ['input', 'layers', 'training'],
  additionalProperties: false,
  properties: {
    title: { type: 'string', description: 'What the report calls the model.' },
    input: {
      type: 'string',
      enum: ['flat', 'sequence', 'image'],
      description: 'flat: [h*w] numbers; sequence: h steps of w numbers; image: [h, w, 1].',
    },
    layers: {
      type: 'array',
      minItems: 1,
      description: "Layers in order, by tfjs-layers' names and configuration; the last one is dense with softmax.",
      items: {
        type: 'object',
        minProperties: 1,
        maxProperties: 1,
        additionalProperties: { type: ['object', 'null'] },
        properties: Object.fromEntries(Object.entries(layerForms).map(([name, rules]) => [name, layerSchema(rules)])),
      },
    },
    training: {
      type: 'object',
      required: ['optimizer', 'batchSize', 'epochs'],
      additionalProperties: false,
      properties: {
        optimizer: {
          ...value,
          description: "An optimizer's name, or a map of it to its constants: {adam: {beta1: 0.8}}.",
        },
        learningRate: { ...value, description: "The learning rate; null takes the optimizer's default (Keras's)." },
        batchSize: value,
        epochs: value,
        loss: {
          type: 'string',
          enum: ['sparseCategoricalCrossentropy', 'categoricalCrossentropy'],
          default: 'sparseCategoricalCrossentropy',
        },
      },
    },
    hyperparameters: {
      type: 'object',
      default: {},
      description: 'Names and values that ${hyper.name} refers to; a grid changes them.',
    },
  },
};

export interface ModelMistake {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly hint?: string;
}

/** All combinations of a grid, in the order of scikit-learn's ParameterGrid: axes sorted by name, the last one fastest. */
export function combinations(grid: Readonly<Record<string, readonly Json[]>>): JsonObject[] {
  return Object.keys(grid)
    .sort()
    .reduce<JsonObject[]>(
      (all, axis) => all.flatMap((one) => (grid[axis] ?? []).map((option) => ({ ...one, [axis]: option }))),
      [{}],
    );
}
