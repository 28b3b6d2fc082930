import type { Json, JsonObject } from '../util/json.ts';
import type { LayerFacts } from './study.ts';

/** A layer with what follows from its configuration; undefined where that cannot be told. */
export interface ShapedLayer {
  readonly layer: string;
  readonly config: JsonObject;
  /** Shape of one sample after the layer. */
  readonly shape: readonly number[] | undefined;
  readonly parameters: number | undefined;
}

interface Effect {
  readonly shape: readonly number[] | undefined;
  readonly parameters: number | undefined;
}

type Shape = readonly number[];
type Rule = (config: JsonObject, shape: Shape) => Effect;

function numberOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** A number, or one for height and one for width. */
function pair(value: Json | undefined, otherwise: readonly [number, number]): readonly [number, number] {
  if (typeof value === 'number') return [value, value];
  if (!Array.isArray(value)) return otherwise;
  const [first, second] = value;
  return typeof first === 'number' && typeof second === 'number' ? [first, second] : otherwise;
}

function product(shape: Shape): number {
  return shape.reduce((whole, extent) => whole * extent, 1);
}

function biasOf(config: JsonObject): number {
  return config['useBias'] === false ? 0 : 1;
}

/** Extent after a window of `size` moves by `stride`; Keras' formulas for `same` and `valid`. */
function slid(extent: number, size: number, stride: number, config: JsonObject): number {
  return config['padding'] === 'same' ? Math.ceil(extent / stride) : Math.floor((extent - size) / stride) + 1;
}

const unchanged: Rule = (_, shape) => ({ shape, parameters: 0 });

const dense: Rule = (config, shape) => {
  const units = numberOf(config['units']);
  const features = shape[shape.length - 1];
  if (units === undefined || features === undefined) return { shape: undefined, parameters: undefined };
  return { shape: [...shape.slice(0, -1), units], parameters: (features + biasOf(config)) * units };
};

const convolution: Rule = (config, [height, width, channels]) => {
  const filters = numberOf(config['filters']);
  const size = pair(config['kernelSize'], [0, 0]);
  if (filters === undefined || size[0] === 0 || height === undefined || width === undefined || channels === undefined)
    return { shape: undefined, parameters: undefined };
  const stride = pair(config['strides'], [1, 1]);
  const dilation = pair(config['dilationRate'], [1, 1]);
  const [down, across] = [(size[0] - 1) * dilation[0] + 1, (size[1] - 1) * dilation[1] + 1];
  return {
    shape: [slid(height, down, stride[0], config), slid(width, across, stride[1], config), filters],
    parameters: (size[0] * size[1] * channels + biasOf(config)) * filters,
  };
};

const pooling: Rule = (config, [height, width, channels]) => {
  if (height === undefined || width === undefined || channels === undefined) return { shape: undefined, parameters: 0 };
  const size = pair(config['poolSize'], [2, 2]);
  const stride = pair(config['strides'], size);
  return {
    shape: [slid(height, size[0], stride[0], config), slid(width, size[1], stride[1], config), channels],
    parameters: 0,
  };
};

/** Gates times (input + recurrent weights + biases) of each unit. */
function recurrent(gates: number, biases: (config: JsonObject) => number): Rule {
  return (config, [steps, features]) => {
    const units = numberOf(config['units']);
    if (units === undefined || steps === undefined || features === undefined)
      return { shape: undefined, parameters: undefined };
    return {
      shape: config['returnSequences'] === true ? [steps, units] : [units],
      parameters: gates * units * (features + units + biases(config)),
    };
  };
}

const reshape: Rule = (config, shape) => {
  const target = config['targetShape'];
  if (!Array.isArray(target) || !target.every((extent) => typeof extent === 'number'))
    return { shape: undefined, parameters: 0 };
  const fixed = product(target.filter((extent) => extent > 0));
  return { shape: target.map((extent) => (extent > 0 ? extent : product(shape) / fixed)), parameters: 0 };
};

const lastExtentOnly: Rule = (_, shape) => ({ shape: shape.slice(-1), parameters: 0 });

/** A scale and a centre a feature to learn, and two running moments, which are stored as weights too. */
const batchNormalization: Rule = (config, shape) => {
  const learned = (config['center'] === false ? 0 : 1) + (config['scale'] === false ? 0 : 1);
  return { shape, parameters: (2 + learned) * (shape[shape.length - 1] ?? 0) };
};

const rules: ReadonlyMap<string, Rule> = new Map([
  ['dense', dense],
  ['conv2d', convolution],
  ['maxPooling2d', pooling],
  ['averagePooling2d', pooling],
  ['globalMaxPooling2d', lastExtentOnly],
  ['globalAveragePooling2d', lastExtentOnly],
  ['flatten', (_, shape) => ({ shape: [product(shape)], parameters: 0 })],
  ['reshape', reshape],
  ['lstm', recurrent(4, biasOf)],
  ['gru', recurrent(3, (config) => biasOf(config) * (config['resetAfter'] === false ? 1 : 2))],
  ['dropout', unchanged],
  ['activation', unchanged],
  ['batchNormalization', batchNormalization],
]);

/** Shape of one sample as a model of this input kind sees an image; undefined for another kind. */
export function inputShape(kind: string | undefined, height: number, width: number): Shape | undefined {
  if (kind === 'flat') return [height * width];
  if (kind === 'sequence') return [height, width];
  return kind === 'image' ? [height, width, 1] : undefined;
}

/** Shapes and parameters layer by layer, by the formulas of Keras; unknown from the first layer without a rule on. */
export function shapedLayers(layers: readonly LayerFacts[], input: Shape | undefined): ShapedLayer[] {
  let shape = input;
  return layers.map(({ layer, config }) => {
    const effect = shape === undefined ? undefined : rules.get(layer)?.(config, shape);
    shape = effect?.shape;
    return { layer, config, shape, parameters: effect?.parameters };
  });
}
