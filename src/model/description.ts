import type { JsonSchema } from '../stage/stage-kind.ts';
import type { Json, JsonObject } from '../util/json.ts';
import { type LayerRules, layerForms, trainers } from './layers.ts';
import type { OptimizerSetting } from './optimizers.ts';
import { type Schedule, scheduleRules } from './schedules.ts';
import {
  type AugmentationSetting,
  augmentationRules,
  type ClassWeights,
  type EarlyStoppingSetting,
  earlyStoppingRules,
} from './training-rules.ts';
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
    readonly trainer?: string;
    readonly classWeights?: Json;
    readonly earlyStopping?: Json;
    readonly augmentation?: Json;
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
  /** Learning rates by step, in the place of the optimizer's. */
  readonly schedule?: Schedule;
  readonly classWeights?: ClassWeights;
  readonly earlyStopping?: EarlyStoppingSetting;
  readonly augmentation?: AugmentationSetting;
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

function mapOfSchemas(rules: Readonly<Record<string, LayerRules>>): JsonSchema {
  return Object.fromEntries(Object.entries(rules).map(([name, one]) => [name, layerSchema(one)]));
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
        properties: mapOfSchemas(layerForms),
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
        learningRate: {
          description:
            "The learning rate; null takes the optimizer's default (Keras's). Or a schedule: {cosineDecay: {initialLearningRate: 0.001}}.",
          anyOf: [
            { type: ['number', 'string', 'null'] },
            { type: 'object', minProperties: 1, maxProperties: 1, properties: mapOfSchemas(scheduleRules) },
          ],
        },
        batchSize: value,
        epochs: value,
        loss: {
          type: 'string',
          enum: ['sparseCategoricalCrossentropy', 'categoricalCrossentropy'],
          default: 'sparseCategoricalCrossentropy',
        },
        trainer: {
          type: 'string',
          enum: [...trainers],
          default: 'graph',
          description: 'graph: each step is one call into TensorFlow; eager: operation by operation, to compare with.',
        },
        classWeights: {
          description:
            'Weights of the classes in the loss: balanced (as rare as a class is; one without training rows gets 0), or a map of names of classes to weights; those not named count 1.',
          anyOf: [
            { type: ['string', 'null'] },
            { type: 'object', additionalProperties: { type: ['number', 'string'] } },
          ],
        },
        earlyStopping: {
          ...layerSchema(earlyStoppingRules),
          type: ['object', 'string', 'null'],
          description: 'Ends a fit that does not get better (keras.callbacks.EarlyStopping).',
        },
        augmentation: {
          ...layerSchema(augmentationRules),
          type: ['object', 'string', 'null'],
          description: 'Random rotation, translation, zoom and shear of training images, others at each step.',
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
