import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import {
  gridMistakes,
  type ModelDescription,
  modelSchema,
  overrideMistakes,
  validateModel,
} from '../../src/model/description.ts';
import type { JsonObject } from '../../src/util/json.ts';
import { example } from './example.ts';

/** The example with one layer in another one's place. */
function withLayer(index: number, layer: JsonObject): ModelDescription {
  return {
    ...example,
    layers: example.layers.map((entry, position) => (position === index ? layer : entry)) as ModelDescription['layers'],
  };
}

function withTraining(training: JsonObject): ModelDescription {
  return { ...example, training: { ...example.training, ...training } as ModelDescription['training'] };
}

const told = (model: ModelDescription) =>
  validateModel(model).map(
    ({ path, message, hint }) => `${path.join('.')}: ${message}${hint === undefined ? '' : ` (${hint})`}`,
  );

describe('a model description', () => {
  it('is right as it is shown in the documentation', () => {
    expect(validateModel(example)).toEqual([]);
  });

  it.each([
    ['an unknown layer', { dens: { units: 3 } }, 'layers.1.dens: there is no layer "dens" (did you mean "dense"?)'],
    [
      'an unknown setting',
      { maxPooling2d: { pool: 2 } },
      'layers.1.maxPooling2d.pool: "pool" is not a setting of the layer "maxPooling2d"',
    ],
    ['a missing setting', { conv2d: { filters: 4 } }, 'layers.1.conv2d: the layer "conv2d" has no "kernelSize"'],
    [
      'a text for a number',
      { dense: { units: 'many' } },
      'layers.1.dense.units: "units" must be a whole number from 1, got "many"',
    ],
    [
      'a broken window',
      { conv2d: { filters: 4, kernelSize: [3, 0] } },
      'must be a whole number from 1, or two of them for height and width, got [3,0]',
    ],
    ['an unknown padding', { maxPooling2d: { padding: 'sam' } }, '"padding" cannot be "sam" (did you mean "same"?)'],
    [
      'a shape that is no list',
      { reshape: { targetShape: 5 } },
      '"targetShape" must be a list of whole numbers from 1, -1 at most once, got 5',
    ],
    ['two open extents', { reshape: { targetShape: [-1, -1] } }, '-1 at most once, got [-1,-1]'],
    [
      'a yes for a true',
      { lstm: { units: 3, returnSequences: 'yes' } },
      '"returnSequences" must be true or false, got "yes"',
    ],
    [
      'an unknown reference',
      { dense: { units: '${hyper.unit}' } },
      'layers.1.dense.units: there is no hyperparameter "unit" (did you mean "units"?)',
    ],
    ['arithmetic on a text', { dense: { units: '${hyper.optimizer / 2}' } }, '"optimizer" is not a number'],
    ['a division by zero', { dense: { units: '${hyper.units / 0}' } }, 'is not a finite number'],
    ['a reference inside a text', { dense: { units: 'n${hyper.units}' } }, 'is not a placeholder'],
  ])('is told of %s, with its place', (_, layer, message) => {
    expect(told(withLayer(1, layer as JsonObject)).join('\n')).toContain(message);
  });

  it.each([
    [
      'an unknown optimizer',
      { optimizer: 'addam' },
      'training.optimizer: there is no optimizer "addam" (did you mean "adam"?)',
    ],
    [
      'an unknown constant',
      { optimizer: { adam: { beta: 0.9 } } },
      'training.optimizer.adam.beta: the optimizer "adam" has no constant "beta" (did you mean "beta1"?)',
    ],
    ['a constant out of its range', { optimizer: { adam: { beta1: 1 } } }, '"beta1" must be less than 1, got 1'],
    ['two optimizers', { optimizer: { adam: {}, sgd: {} } }, 'training.optimizer: there is no optimizer'],
    ['half an epoch', { epochs: 0.5 }, 'training.epochs: "epochs" must be a whole number from 1, got 0.5'],
    ['an unknown constant of all', { optimizer: { sgd: { weightDeca: 1 } } }, 'did you mean "weightDecay"?'],
    [
      'two ways of clipping',
      { optimizer: { adam: { clipNorm: 1, clipValue: 1 } } },
      'training.optimizer.adam.clipValue: gradients are clipped in 2 ways: clipNorm, clipValue (keep one of them)',
    ],
    [
      'an unknown schedule',
      { learningRate: { cosineDeca: { initialLearningRate: 1 } } },
      'training.learningRate: there is no learning-rate schedule "cosineDeca" (did you mean "cosineDecay"?)',
    ],
    [
      'a schedule without its beginning',
      { learningRate: { cosineDecay: {} } },
      'training.learningRate.cosineDecay: the schedule "cosineDecay" has no "initialLearningRate"',
    ],
    [
      'too few values of a schedule',
      { learningRate: { piecewiseConstantDecay: { boundaries: [5, 9], values: [0.1, 0.2] } } },
      'training.learningRate.piecewiseConstantDecay.values: 2 boundaries want 3 values, got 2',
    ],
    [
      'boundaries that fall',
      { learningRate: { piecewiseConstantDecay: { boundaries: [9, 5], values: [0.1, 0.2, 0.3] } } },
      'training.learningRate.piecewiseConstantDecay.boundaries: boundaries must rise',
    ],
    [
      'a warm-up to nowhere',
      { learningRate: { cosineDecay: { initialLearningRate: 0.1, warmupSteps: 5 } } },
      'training.learningRate.cosineDecay.warmupSteps: "warmupSteps" is 5 without a warmupTarget (add warmupTarget',
    ],
    [
      'a learning rate that stays 0',
      { learningRate: { cosineDecay: { initialLearningRate: 0 } } },
      'training.learningRate.cosineDecay.initialLearningRate: the learning rate begins at 0 and nothing raises it',
    ],
    [
      'restarts that come ever faster',
      { learningRate: { cosineDecayRestarts: { initialLearningRate: 0.1, firstDecaySteps: 5, tMul: 0.5 } } },
      '"tMul" must be at least 1, got 0.5',
    ],
    ['an unknown weighting', { classWeights: 'equal' }, 'training.classWeights: "classWeights" cannot be "equal"'],
    ['a negative weight', { classWeights: { A: -1 } }, 'training.classWeights.A: "A" must be at least 0, got -1'],
    ['an unknown trainer', { trainer: 'grap' }, 'training.trainer: "trainer" cannot be "grap" (did you mean "graph"?)'],
    [
      'an unknown setting of early stopping',
      { earlyStopping: { patiens: 3 } },
      'training.earlyStopping.patiens: "patiens" is not a setting of earlyStopping (did you mean "patience"?)',
    ],
    ['early stopping that is no map', { earlyStopping: true }, 'training.earlyStopping: "earlyStopping" must be a map'],
    [
      'a rotation out of its range',
      { augmentation: { rotation: 90 } },
      'training.augmentation.rotation: "rotation" must be less than 90, got 90',
    ],
    ['an unknown loss', { loss: 'mse' }, 'training.loss: "loss" cannot be "mse"'],
  ])('is told of %s in its training, with its place', (_, training, message) => {
    expect(told(withTraining(training as JsonObject)).join('\n')).toContain(message);
  });

  it('is told of a last layer that gives no probabilities', () => {
    const path = ['layers', 5];
    for (const last of [{ dense: { units: '${data.classes}' } }, { flatten: {} }]) {
      expect(validateModel(withLayer(5, last as JsonObject))).toContainEqual(expect.objectContaining({ path }));
    }
  });

  it('is told of all mistakes at once, each once', () => {
    const broken = {
      ...withLayer(0, { conv2d: { filters: '${hyper.n}', kernelSize: 0 } }),
      training: { ...example.training, optimizer: 'x' },
    };
    expect(told(broken).map((line) => line.split(':')[0])).toEqual([
      'layers.0.conv2d.filters',
      'layers.0.conv2d.kernelSize',
      'training.optimizer',
      'hyperparameters.optimizer',
    ]);
  });

  it('is told of a hyperparameter that nothing uses', () => {
    const model = { ...example, hyperparameters: { ...example.hyperparameters, rate: 1 } };
    expect(validateModel(model)).toEqual([expect.objectContaining({ path: ['hyperparameters', 'rate'] })]);
  });

  it('may hang on sizes of the data that are not known yet', () => {
    expect(
      validateModel(withLayer(3, { dense: { units: '${data.classes / 4}', activation: 'relu' } })).map(({ path }) =>
        path.join('.'),
      ),
    ).toEqual(['hyperparameters.units']);
  });
});

describe("a search's grid", () => {
  it('is right where the model can take every value', () => {
    expect(
      gridMistakes(example, {
        units: [32, 64],
        optimizer: ['adam', { sgd: { momentum: 0.9 } }],
        learningRate: [null, 0.1],
      }),
    ).toEqual([]);
  });

  it('is told of an axis that is no hyperparameter, of an empty one, and of values that the model cannot take', () => {
    const grid = { unit: [3], dropout: [], activation: ['relu', 'reluu'], units: [64, 75] };
    expect(gridMistakes(example, grid).map(({ path, hint }) => [path.join('.'), hint])).toEqual([
      ['unit', 'did you mean "units"?'],
      ['dropout', 'list at least one'],
      ['activation.1', 'did you mean "relu"?'],
      ['units.1', undefined],
    ]);
  });

  it('may try whole schedules, and constants inside of one', () => {
    const whole = withTraining({ learningRate: '${hyper.learningRate}' });
    const schedule = { cosineDecay: { initialLearningRate: 0, warmupTarget: 0.01, warmupSteps: 5 } };
    expect(gridMistakes(whole, { learningRate: [null, 0.1, schedule] })).toEqual([]);
    expect(gridMistakes(whole, { learningRate: [schedule, { cosineDeca: {} }] })).toMatchObject([
      { path: ['learningRate', 1], hint: 'did you mean "cosineDecay"?' },
    ]);
    const inside = {
      ...withTraining({ learningRate: { exponentialDecay: { initialLearningRate: '${hyper.rate}', decayRate: 0.5 } } }),
      hyperparameters: { ...example.hyperparameters, rate: 0.1 },
    };
    expect(gridMistakes(inside, { rate: [0.1, 0] }).map(({ path }) => path)).toEqual([['rate', 1]]);
  });

  it('has its rules also for hyperparameters that a stage sets', () => {
    expect(overrideMistakes(example, { units: 32 })).toEqual([]);
    expect(overrideMistakes(example, { units: 0.5, epoch: 3 }).map(({ path }) => path)).toEqual([['units'], ['epoch']]);
  });
});

describe("the models' schema", () => {
  it.each([
    ['draft-07', new Ajv({ allowUnionTypes: true })],
    ['2020-12', new Ajv2020({ allowUnionTypes: true })],
  ])('takes the example and refuses an unknown key under %s', (_, ajv) => {
    const { name: _name, ...written } = example;
    const validate = ajv.compile(modelSchema);
    expect(validate(written)).toBe(true);
    expect(validate({ ...written, layer: [] })).toBe(false);
  });
});

describe('a layer inside a layer', () => {
  const bidirectional = (config: JsonObject): string[] => told(withLayer(2, { bidirectional: config }));

  it.each([
    ['is checked by its own rules', { layer: { lstm: { unit: 4 } } }, 'layers.2.bidirectional.layer.lstm.unit'],
    [
      'must be one that reads a sequence',
      { layer: { dense: { units: 4 } } },
      '"layer" must be a map of one layer (lstm, gru)',
    ],
    ['must be there', {}, 'the layer "bidirectional" has no "layer"'],
  ])('%s', (_, config, message) => {
    expect(bidirectional(config as JsonObject).join('\n')).toContain(message);
  });
});
