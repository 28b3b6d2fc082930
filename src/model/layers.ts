/** What a layer's configuration may hold: its keys, and which of them must be there. Names are those of tfjs-layers. */
export interface LayerForm {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

const weights = ['kernelInitializer', 'biasInitializer', 'useBias'];
const recurrent = ['activation', 'recurrentActivation', 'kernelInitializer', 'recurrentInitializer', 'biasInitializer', 'useBias', 'returnSequences', 'goBackwards'];
const convolution = ['strides', 'padding', 'activation', 'dilationRate', ...weights];
const pooling = ['poolSize', 'strides', 'padding'];

/** The layers that a model may be made of. */
export const layerForms: Readonly<Record<string, LayerForm>> = {
  dense: { required: ['units'], optional: ['activation', ...weights] },
  conv2d: { required: ['filters', 'kernelSize'], optional: convolution },
  conv1d: { required: ['filters', 'kernelSize'], optional: convolution },
  separableConv2d: { required: ['filters', 'kernelSize'], optional: ['strides', 'padding', 'activation', 'useBias', 'depthMultiplier'] },
  maxPooling2d: { required: [], optional: pooling },
  averagePooling2d: { required: [], optional: pooling },
  globalAveragePooling2d: { required: [], optional: [] },
  globalMaxPooling2d: { required: [], optional: [] },
  flatten: { required: [], optional: [] },
  reshape: { required: ['targetShape'], optional: [] },
  permute: { required: ['dims'], optional: [] },
  dropout: { required: ['rate'], optional: [] },
  activation: { required: ['activation'], optional: [] },
  batchNormalization: { required: [], optional: ['momentum', 'epsilon', 'center', 'scale'] },
  lstm: { required: ['units'], optional: ['unitForgetBias', ...recurrent] },
  gru: { required: ['units'], optional: ['resetAfter', ...recurrent] },
};

/** Activations by tfjs-layers' names. */
export const activations = ['linear', 'relu', 'sigmoid', 'tanh', 'softmax', 'elu', 'selu', 'softplus', 'softsign', 'hardSigmoid', 'swish', 'gelu'] as const;

/** Configuration keys that hold an activation. */
export const activationKeys: readonly string[] = ['activation', 'recurrentActivation'];

/** Configuration keys that must be whole numbers of at least 1. */
export const wholeKeys: readonly string[] = ['units', 'filters', 'batchSize', 'epochs'];

export const losses = ['sparseCategoricalCrossentropy', 'categoricalCrossentropy'] as const;
