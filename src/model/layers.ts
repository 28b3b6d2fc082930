import type { ValueKind, ValueRule } from './value-kind.ts';

/** Activations by tfjs-layers' names. */
export const activations = [
  'linear',
  'relu',
  'sigmoid',
  'tanh',
  'softmax',
  'elu',
  'selu',
  'softplus',
  'swish',
  'relu6',
  'softsign',
  'hardSigmoid',
  'gelu',
  'mish',
] as const;

export type Activation = (typeof activations)[number];

/** Initializers by tfjs-layers' names. */
export const initializers = [
  'zeros',
  'ones',
  'glorotUniform',
  'glorotNormal',
  'heUniform',
  'heNormal',
  'leCunUniform',
  'leCunNormal',
  'orthogonal',
  'randomNormal',
  'randomUniform',
  'truncatedNormal',
] as const;

export type Initializer = (typeof initializers)[number];

/** The settings of a layer, by tfjs-layers' names. */
export type LayerRules = Readonly<Record<string, ValueRule>>;

const count: ValueKind = { type: 'count' };
const pair: ValueKind = { type: 'pair' };
const flag: ValueKind = { type: 'boolean' };

const optional = (kind: ValueKind, description: string): ValueRule => ({ kind, description });
const required = (kind: ValueKind, description: string): ValueRule => ({ kind, description, required: true });

const initializer = (standard: Initializer): ValueRule =>
  optional({ type: 'choice', choices: initializers }, `First values, ${standard} by default.`);

const activation: ValueRule = optional({ type: 'choice', choices: activations }, 'Activation, linear by default.');

const weights: LayerRules = {
  kernelInitializer: initializer('glorotUniform'),
  useBias: optional(flag, 'Add a bias, true by default.'),
  biasInitializer: initializer('zeros'),
};

const window: LayerRules = {
  padding: optional({ type: 'choice', choices: ['valid', 'same'] }, 'valid (none) by default.'),
};

const pooling: LayerRules = {
  poolSize: optional(pair, 'Height and width of the window, 2 by default.'),
  strides: optional(pair, 'Steps of the window, its own size by default.'),
  ...window,
};

const recurrent: LayerRules = {
  units: required(count, 'Size of the state.'),
  returnSequences: optional(flag, 'Give the state after every step, not after the last one only.'),
  recurrentInitializer: initializer('orthogonal'),
  ...weights,
};

const share: ValueKind = { type: 'number', minimum: 0, maximum: 1, exclusive: 'maximum' };

const normalisation: LayerRules = {
  epsilon: optional({ type: 'number', minimum: 0, exclusive: 'minimum' }, 'Added to the variance, 0.001 by default.'),
  center: optional(flag, 'Learn a centre for each feature, true by default.'),
  scale: optional(flag, 'Learn a scale for each feature, true by default.'),
  gammaInitializer: initializer('ones'),
  betaInitializer: initializer('zeros'),
};

/** The layers that a model may be made of. */
export const layerForms: Readonly<Record<string, LayerRules>> = {
  dense: { units: required(count, 'Number of outputs.'), activation, ...weights },
  conv2d: {
    filters: required(count, 'Number of output channels.'),
    kernelSize: required(pair, 'Height and width of the window.'),
    strides: optional(pair, 'Steps of the window, 1 by default.'),
    ...window,
    activation,
    ...weights,
  },
  maxPooling2d: pooling,
  averagePooling2d: pooling,
  globalAveragePooling1d: {},
  globalMaxPooling1d: {},
  globalAveragePooling2d: {},
  globalMaxPooling2d: {},
  flatten: {},
  reshape: { targetShape: required({ type: 'counts', free: true }, 'Shape of one sample; -1 for what follows.') },
  permute: { dims: required({ type: 'counts' }, 'New order of the axes of one sample, counted from 1.') },
  dropout: {
    rate: required(
      { type: 'number', minimum: 0, maximum: 1, exclusive: 'maximum' },
      'Share of the inputs that are dropped while training.',
    ),
  },
  activation: { activation: { ...activation, required: true } },
  lstm: {
    ...recurrent,
    unitForgetBias: optional(flag, "Start the forget gate's bias at 1, true by default."),
  },
  gru: recurrent,
  bidirectional: {
    layer: required(
      { type: 'layer', choices: ['lstm', 'gru'] },
      'The layer that reads both ways: {lstm: {units: 64}}.',
    ),
    mergeMode: optional(
      { type: 'choice', choices: ['concat', 'sum', 'mul', 'ave'] },
      'How the two ways are put together, concat by default.',
    ),
  },
  normalization: {},
  batchNormalization: {
    momentum: optional(share, 'How much of the moving averages stays at each step, 0.99 by default.'),
    ...normalisation,
  },
  layerNormalization: normalisation,
  embedding: {
    inputDim: required(count, 'Number of different inputs, which are whole numbers from 0.'),
    outputDim: required(count, 'Numbers that stand for one input.'),
    embeddingsInitializer: initializer('randomUniform'),
  },
  multiHeadAttention: {
    numHeads: required(count, 'Number of heads.'),
    keyDim: required(count, 'Size of queries and keys of one head.'),
    valueDim: optional(count, 'Size of values of one head, keyDim by default.'),
    dropout: optional(share, 'Share of the attention that is dropped while training, 0 by default.'),
    ...weights,
  },
};

/** How steps are run on native TensorFlow. */
export const trainers = ['graph', 'eager'] as const;

export const losses = ['sparseCategoricalCrossentropy', 'categoricalCrossentropy'] as const;
