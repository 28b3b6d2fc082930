import type { Json, JsonObject } from '../util/json.ts';
import type { ResolvedLayer } from './description.ts';
import type { Initializer } from './layers.ts';

/** Shape of one sample, without the batch. */
export type Shape = readonly number[];

/** A weight before it has values. */
export interface WeightForm {
  readonly name: string;
  readonly shape: Shape;
  readonly initializer: Initializer;
  /** The values of the first axis that begin at 1 whatever the initializer says: [from, to). */
  readonly ones?: readonly [number, number];
  /** False for what a layer keeps without gradients: moving averages. */
  readonly trainable?: false;
  /** Begins as a statistic of the training rows, feature by feature. */
  readonly adapted?: 'mean' | 'variance';
}

/** What follows from a layer's configuration and the shape that it takes. */
export interface LayerForm {
  readonly shape: Shape;
  /** In the order of Keras's `get_weights()`. */
  readonly weights: readonly WeightForm[];
}

export type Padding = 'valid' | 'same';

/** One number for both directions, or two. */
export function pair(value: Json | undefined, fallback: number): [number, number] {
  if (Array.isArray(value)) return [value[0] as number, value[1] as number];
  const single = (value ?? fallback) as number;
  return [single, single];
}

export function sizeOf(shape: Shape): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** Extents of [height, width] after a window slides over them; Keras's formulas for `same` and `valid`. */
function slid([height = 0, width = 0]: Shape, window: [number, number], strides: [number, number], padding: Padding) {
  const along = (extent: number, size: number, stride: number): number =>
    Math.ceil((padding === 'same' ? extent : extent - size + 1) / stride);
  return [along(height, window[0], strides[0]), along(width, window[1], strides[1])];
}

/** The layer inside a wrapper: a map of its name to its configuration. */
export function innerLayer(config: JsonObject): ResolvedLayer {
  const [[layer, inner] = ['', {}]] = Object.entries((config['layer'] ?? {}) as JsonObject);
  return { layer, config: (inner ?? {}) as JsonObject };
}

type Rule = (config: JsonObject, input: Shape) => LayerForm;

const initializerOf = (config: JsonObject, key: string, standard: Initializer): Initializer =>
  (config[key] ?? standard) as Initializer;

const kernel = (config: JsonObject, shape: Shape): WeightForm => ({
  name: 'kernel',
  shape,
  initializer: initializerOf(config, 'kernelInitializer', 'glorotUniform'),
});

const biases = (config: JsonObject, shape: Shape, more: Pick<WeightForm, 'ones'> = {}): WeightForm[] =>
  config['useBias'] === false
    ? []
    : [{ name: 'bias', shape, initializer: initializerOf(config, 'biasInitializer', 'zeros'), ...more }];

const unchanged: Rule = (_, input) => ({ shape: input, weights: [] });

const lastExtentOnly: Rule = (_, input) => ({ shape: input.slice(-1), weights: [] });

const dense: Rule = (config, input) => {
  const units = config['units'] as number;
  const weights = [kernel(config, [input.at(-1) ?? 0, units]), ...biases(config, [units])];
  return { shape: [...input.slice(0, -1), units], weights };
};

const convolution: Rule = (config, input) => {
  const filters = config['filters'] as number;
  const window = pair(config['kernelSize'], 3);
  const extents = slid(input, window, pair(config['strides'], 1), (config['padding'] ?? 'valid') as Padding);
  const weights = [kernel(config, [...window, input[2] ?? 0, filters]), ...biases(config, [filters])];
  return { shape: [...extents, filters], weights };
};

const pooling: Rule = (config, input) => {
  const window = pair(config['poolSize'], 2);
  const strides = config['strides'] === undefined ? window : pair(config['strides'], 1);
  const extents = slid(input, window, strides, (config['padding'] ?? 'valid') as Padding);
  return { shape: [...extents, input[2] ?? 0], weights: [] };
};

/** Three or four gates side by side; the kernel of the inputs, that of the state, and the bias. */
function recurrent(gates: number, bias: (config: JsonObject, units: number) => WeightForm[]): Rule {
  return (config, [steps = 0, features = 0]) => {
    const units = config['units'] as number;
    const ofState: WeightForm = {
      name: 'recurrent_kernel',
      shape: [units, gates * units],
      initializer: initializerOf(config, 'recurrentInitializer', 'orthogonal'),
    };
    return {
      shape: config['returnSequences'] === true ? [steps, units] : [units],
      weights: [kernel(config, [features, gates * units]), ofState, ...bias(config, units)],
    };
  };
}

const bidirectional: Rule = (config, input) => {
  const inner = innerLayer(config);
  const { shape, weights } = layerForm(inner, input);
  const named = (direction: string): WeightForm[] =>
    weights.map((weight) => ({ ...weight, name: `${direction}_${weight.name}` }));
  const both = [...named('forward'), ...named('backward')];
  const isConcatenated = (config['mergeMode'] ?? 'concat') === 'concat';
  return { shape: isConcatenated ? [...shape.slice(0, -1), 2 * (shape.at(-1) ?? 0)] : shape, weights: both };
};

const reshape: Rule = (config, input) => {
  const target = config['targetShape'] as readonly number[];
  const known = sizeOf(target.filter((extent) => extent !== -1));
  return { shape: target.map((extent) => (extent === -1 ? sizeOf(input) / known : extent)), weights: [] };
};

const permute: Rule = (config, input) => ({
  shape: (config['dims'] as readonly number[]).map((axis) => input[axis - 1] ?? 0),
  weights: [],
});

/** Scale and centre of each feature. */
function normalised(config: JsonObject, input: Shape): WeightForm[] {
  const shape = input.slice(-1);
  const gamma: WeightForm = { name: 'gamma', shape, initializer: initializerOf(config, 'gammaInitializer', 'ones') };
  const beta: WeightForm = { name: 'beta', shape, initializer: initializerOf(config, 'betaInitializer', 'zeros') };
  return [...(config['scale'] === false ? [] : [gamma]), ...(config['center'] === false ? [] : [beta])];
}

/** Mean and variance of each feature of the training rows, as keras.layers.Normalization after `adapt`. */
const normalization: Rule = (_, input) => {
  const shape = input.slice(-1);
  const weights: WeightForm[] = [
    { name: 'mean', shape, initializer: 'zeros', trainable: false, adapted: 'mean' },
    { name: 'variance', shape, initializer: 'ones', trainable: false, adapted: 'variance' },
  ];
  return { shape: input, weights };
};

const batchNormalization: Rule = (config, input) => {
  const shape = input.slice(-1);
  const moving: WeightForm[] = [
    { name: 'moving_mean', shape, initializer: 'zeros', trainable: false },
    { name: 'moving_variance', shape, initializer: 'ones', trainable: false },
  ];
  return { shape: input, weights: [...normalised(config, input), ...moving] };
};

const embedding: Rule = (config, input) => {
  const [vocabulary, length] = [config['inputDim'] as number, config['outputDim'] as number];
  const initializer = initializerOf(config, 'embeddingsInitializer', 'randomUniform');
  return { shape: [...input, length], weights: [{ name: 'embeddings', shape: [vocabulary, length], initializer }] };
};

const multiHeadAttention: Rule = (config, input) => {
  const features = input.at(-1) ?? 0;
  const [heads, keys] = [config['numHeads'] as number, config['keyDim'] as number];
  const values = (config['valueDim'] ?? keys) as number;
  const projection = (name: string, shape: Shape, bias: Shape): WeightForm[] =>
    [kernel(config, shape), ...biases(config, bias)].map((weight) => ({ ...weight, name: `${name}_${weight.name}` }));
  const weights = [
    ...projection('query', [features, heads, keys], [heads, keys]),
    ...projection('key', [features, heads, keys], [heads, keys]),
    ...projection('value', [features, heads, values], [heads, values]),
    ...projection('output', [heads, values, features], [features]),
  ];
  return { shape: input, weights };
};

const forgetBias = (config: JsonObject, units: number): WeightForm[] =>
  biases(config, [4 * units], config['unitForgetBias'] === false ? {} : { ones: [units, 2 * units] });

const rules: Readonly<Record<string, Rule>> = {
  dense,
  conv2d: convolution,
  maxPooling2d: pooling,
  averagePooling2d: pooling,
  globalAveragePooling1d: lastExtentOnly,
  globalMaxPooling1d: lastExtentOnly,
  globalAveragePooling2d: lastExtentOnly,
  globalMaxPooling2d: lastExtentOnly,
  flatten: (_, input) => ({ shape: [sizeOf(input)], weights: [] }),
  reshape,
  permute,
  dropout: unchanged,
  activation: unchanged,
  lstm: recurrent(4, forgetBias),
  gru: recurrent(3, (config, units) => biases(config, [2, 3 * units])),
  bidirectional,
  normalization,
  batchNormalization,
  layerNormalization: (config, input) => ({ shape: input, weights: normalised(config, input) }),
  embedding,
  multiHeadAttention,
};

/** Number of axes that a layer's input must have, without the batch; others take any. */
export const wantedAxes: Readonly<Record<string, number>> = {
  conv2d: 3,
  maxPooling2d: 3,
  averagePooling2d: 3,
  globalAveragePooling2d: 3,
  globalMaxPooling2d: 3,
  globalAveragePooling1d: 2,
  globalMaxPooling1d: 2,
  lstm: 2,
  gru: 2,
  bidirectional: 2,
  multiHeadAttention: 2,
};

/** Whether there is such a layer. */
export function isLayer(name: string): boolean {
  return Object.hasOwn(rules, name);
}

/** Output shape and weights of a checked layer, by Keras 3's definitions. */
export function layerForm({ layer, config }: ResolvedLayer, input: Shape): LayerForm {
  const rule = isLayer(layer) ? rules[layer] : undefined;
  if (rule === undefined) throw new Error(`no layer ${layer}`);
  return rule(config, input);
}

/** Shape of a sample as a model of this input kind sees an image. */
export function inputShapeOf(input: string, height: number, width: number): number[] {
  if (input === 'flat') return [height * width];
  return input === 'sequence' ? [height, width] : [height, width, 1];
}
