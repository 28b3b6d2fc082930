import { describe, expect, it } from 'vitest';
import { type ModelDescription, type ResolvedModel, resolveModel } from '../../src/model/description.ts';
import type { JsonObject } from '../../src/util/json.ts';
import { data, example } from './example.ts';

function resolved(hyperparameters: JsonObject = {}, description: ModelDescription = example): ResolvedModel {
  const result = resolveModel(description, { ...description.hyperparameters, ...hyperparameters }, data);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

function problem(hyperparameters: JsonObject, description: ModelDescription = example): string {
  const result = resolveModel(description, { ...description.hyperparameters, ...hyperparameters }, data);
  return result.ok ? 'no problem' : `${result.error.message} (${result.error.hint})`;
}

describe('a resolved model', () => {
  it('has values in the place of all references, of the type that they have', () => {
    const { layers } = resolved();
    expect(layers.map(({ layer }) => layer)).toEqual([
      'conv2d',
      'maxPooling2d',
      'flatten',
      'dense',
      'dropout',
      'dense',
    ]);
    expect(layers[3]?.config).toEqual({ units: 32, activation: 'relu' });
    expect(layers[4]?.config).toEqual({ rate: 0.3 });
    expect(layers[5]?.config).toEqual({ units: 62, activation: 'softmax' });
  });

  it('is plain data: it survives a trip through JSON', () => {
    expect(JSON.parse(JSON.stringify(resolved()))).toEqual(resolved());
  });

  it("has all constants of the optimizer, Keras 3's where none are given", () => {
    const { training } = resolved();
    expect(training).toEqual({
      optimizer: { name: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
      batchSize: 32,
      epochs: 3,
      loss: 'sparseCategoricalCrossentropy',
    });
    expect(resolved({ optimizer: 'adadelta' }).training.optimizer).toEqual({
      name: 'adadelta',
      learningRate: 0.001,
      rho: 0.95,
      epsilon: 1e-7,
    });
  });

  it('takes constants of the optimizer from a map, and the learning rate from beside it', () => {
    const { optimizer } = resolved({ optimizer: { adam: { beta1: 0.8 } }, learningRate: 0.05 }).training;
    expect(optimizer).toMatchObject({ name: 'adam', beta1: 0.8, beta2: 0.999, learningRate: 0.05 });
  });

  it('does without decay and clipping that are null, as a grid may set them', () => {
    const plain = resolved({ optimizer: 'sgd' }).training;
    expect(resolved({ optimizer: { sgd: { weightDecay: null, clipNorm: null } } }).training).toEqual(plain);
    const optimizer = { sgd: { clipNorm: null, clipValue: 0.5 } };
    expect(resolved({ optimizer }).training.optimizer).toEqual({ ...plain.optimizer, clipValue: 0.5 });
    expect(problem({ optimizer: { adamw: { weightDecay: null } } })).toContain('"weightDecay" must be a number');
  });

  it('names settings of training only where they are asked for, with their defaults', () => {
    const training = {
      ...example.training,
      learningRate: { cosineDecay: { initialLearningRate: 0.1 } },
      earlyStopping: { patience: 5 },
      augmentation: {},
      classWeights: 'balanced',
      trainer: 'eager',
    };
    const hyperparameters = { ...example.hyperparameters };
    const resolved = resolveModel({ ...example, training }, hyperparameters, data);
    expect(resolved.ok && resolved.value.training).toMatchObject({
      schedule: { name: 'cosineDecay', initialLearningRate: 0.1 },
      earlyStopping: { monitor: 'validationLoss', patience: 5, restoreBestWeights: true, validationFraction: 0.1 },
      augmentation: { rotation: 0, translation: 0, zoom: 0, shear: 0, fill: 0 },
      classWeights: 'balanced',
      trainer: 'eager',
    });
    const plain = resolveModel(example, hyperparameters, data);
    expect(plain.ok && Object.keys(plain.value.training)).toEqual(['optimizer', 'batchSize', 'epochs', 'loss']);
  });

  it('is called by its name where it has no title', () => {
    const { title: _, ...untitled } = example;
    expect(resolved({}, untitled).title).toBe('reader');
  });

  it('takes a layer without settings written as null', () => {
    const layers = example.layers.map((entry) => ('flatten' in entry ? { flatten: null } : entry));
    const written = { ...example, layers } as unknown as ModelDescription;
    expect(resolved({}, written).layers[2]).toEqual({ layer: 'flatten', config: {} });
  });

  it('is refused with the place of the first wrong value', () => {
    expect(problem({ units: 75 })).toBe(
      'model "reader", layers.3.dense.units: "units" must be a whole number from 1, got 37.5 (undefined)',
    );
    expect(problem({ activation: 'rulu' })).toContain(
      'layers.0.conv2d.activation: "activation" cannot be "rulu" (did you mean "relu"?)',
    );
    expect(problem({ dropout: 1 })).toContain('"rate" must be less than 1, got 1');
    expect(problem({ optimizer: 'adem' })).toContain('there is no optimizer "adem" (did you mean "adam"?)');
    expect(problem({ learningRate: -1 })).toContain('"learningRate" must be more than 0, got -1');
    expect(problem({ optimizer: { adam: { learningRate: 0.1 } }, learningRate: 0.2 })).toContain('given twice');
    expect(problem({ unit: 3 })).toBe('model "reader" has no hyperparameter "unit" (did you mean "units"?)');
  });

  it('is refused when its last layer does not fit the classes of the data', () => {
    const layers = [...example.layers.slice(0, -1), { dense: { units: 10, activation: 'softmax' } }];
    expect(problem({}, { ...example, layers })).toContain(
      'layers.5.dense.units: the last layer has 10 units for 62 classes',
    );
  });
});
