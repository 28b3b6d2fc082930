/** What a layer's configuration may hold: its keys, and which of them must be there. Names are those of tfjs-layers. */
export interface LayerForm {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

const weights = ['kernelInitializer', 'biasInitializer', 'useBias'];
const pooling = ['poolSize', 'strides', 'padding'];

/** The layers that a model may be made of. */
export const layerForms: Readonly<Record<string, LayerForm>> = {
  dense: { required: ['units'], optional: ['activation', ...weights] },
  conv2d: { required: ['filters', 'kernelSize'], optional: ['strides', 'padding', 'activation', ...weights] },
  maxPooling2d: { required: [], optional: pooling },
  averagePooling2d: { required: [], optional: pooling },
  globalAveragePooling2d: { required: [], optional: [] },
  globalMaxPooling2d: { required: [], optional: [] },
  flatten: { required: [], optional: [] },
  reshape: { required: ['targetShape'], optional: [] },
  permute: { required: ['dims'], optional: [] },
  dropout: { required: ['rate'], optional: [] },
  activation: { required: ['activation'], optional: [] },
  lstm: { required: ['units'], optional: ['returnSequences', 'unitForgetBias', 'recurrentInitializer', ...weights] },
};

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
  'lecunUniform',
  'lecunNormal',
  'orthogonal',
] as const;

export type Initializer = (typeof initializers)[number];

/** Configuration keys that hold an activation. */
export const activationKeys: readonly string[] = ['activation'];

/** Configuration keys that hold an initializer. */
export const initializerKeys: readonly string[] = ['kernelInitializer', 'recurrentInitializer', 'biasInitializer'];

/** Configuration keys that must be whole numbers of at least 1. */
export const wholeKeys: readonly string[] = ['units', 'filters', 'batchSize', 'epochs'];

export const losses = ['sparseCategoricalCrossentropy', 'categoricalCrossentropy'] as const;
