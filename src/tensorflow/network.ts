import type { Tensor } from '@tensorflow/tfjs-core';
import { failure } from '../errors/failure.ts';
import type { ModelCore, ResolvedLayer } from '../model/description.ts';
import { createRandom } from '../util/random.ts';
import { err, ok, type Result } from '../util/result.ts';
import { convolutionLayer } from './convolution.ts';
import { denseLayer } from './dense.ts';
import { gruLayer } from './gru.ts';
import { initialValues } from './initializers.ts';
import type { Layer, StepMode } from './layer.ts';
import { lstmLayer } from './lstm.ts';
import { globalPoolingLayer, poolingLayer } from './pooling.ts';
import type { TensorFlow } from './runtime.ts';
import { activationLayer, dropoutLayer, flattenLayer, permuteLayer, reshapeLayer } from './shape-layers.ts';

/** A weight with its values. Names are `<layer>/<weight>`, layers numbered from 0: "0_dense/kernel". */
export interface WeightValues {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export interface NetworkWeight {
  readonly name: string;
  readonly shape: readonly number[];
  /** Moved by gradients; else a layer keeps it up itself. */
  readonly trainable: boolean;
}

/** A model as a chain of layers whose shapes are known. The last layer's softmax is left out: it ends in logits. */
export interface Network {
  readonly image: { readonly height: number; readonly width: number };
  readonly inputShape: readonly number[];
  readonly outputShapes: readonly (readonly number[])[];
  /** Number of values of all weights. */
  readonly parameters: number;
  /** Names and shapes of the weights, in the order in which `logits` takes them. */
  readonly weights: readonly NetworkWeight[];
  /** Networks of the same signature compute the same. */
  readonly signature: string;
  initialWeights(seed: number): WeightValues[];
  /** Logits [batch, classes] of inputs [batch, …inputShape]. */
  logits(tensorflow: TensorFlow, input: Tensor, weights: readonly Tensor[], mode: StepMode): Tensor;
}

/** 2 GiB of weights; an optimizer holds up to three times as much beside them. A typing mistake passes this at once. */
const mostParameters = 2 ** 29;

/** Dimensions that a layer's input must have. */
const dimensions: Readonly<Record<string, number>> = {
  conv2d: 3,
  maxPooling2d: 3,
  averagePooling2d: 3,
  globalAveragePooling2d: 3,
  globalMaxPooling2d: 3,
  lstm: 2,
  gru: 2,
};

function makeLayer(layer: ResolvedLayer, inputShape: readonly number[], index: number): Layer {
  switch (layer.layer) {
    case 'dense':
      return denseLayer(layer, inputShape);
    case 'conv2d':
      return convolutionLayer(layer, inputShape);
    case 'maxPooling2d':
    case 'averagePooling2d':
      return poolingLayer(layer, inputShape);
    case 'globalAveragePooling2d':
    case 'globalMaxPooling2d':
      return globalPoolingLayer(layer, inputShape);
    case 'flatten':
      return flattenLayer(inputShape);
    case 'reshape':
      return reshapeLayer(layer, inputShape);
    case 'permute':
      return permuteLayer(layer, inputShape);
    case 'dropout':
      return dropoutLayer(layer, inputShape, index);
    case 'activation':
      return activationLayer(layer, inputShape);
    case 'lstm':
      return lstmLayer(layer, inputShape);
    case 'gru':
      return gruLayer(layer, inputShape);
    default:
      throw new Error(`no layer ${layer.layer}`);
  }
}

function inputShapeOf(core: ModelCore, height: number, width: number): number[] {
  if (core.input === 'flat') return [height * width];
  return core.input === 'sequence' ? [height, width] : [height, width, 1];
}

/** Chains the layers of a model for images of a size. Layers whose shapes do not fit are a failure that names them. */
export function buildNetwork(
  core: ModelCore,
  image: { readonly height: number; readonly width: number },
): Result<Network> {
  const inputShape = inputShapeOf(core, image.height, image.width);
  const layers: Layer[] = [];
  let shape: readonly number[] = inputShape;
  for (const [index, resolved] of core.layers.entries()) {
    const last = index === core.layers.length - 1;
    const wanted = dimensions[resolved.layer];
    if (wanted !== undefined && shape.length !== wanted)
      return err(misfit(index, resolved, shape, `it wants ${wanted} dimensions`));
    if (resolved.layer === 'permute' && !isPermutation(resolved, shape.length))
      return err(misfit(index, resolved, shape, `"dims" must name each of its ${shape.length} axes once, from 1`));
    const layer = makeLayer(
      last ? { ...resolved, config: { ...resolved.config, activation: 'linear' } } : resolved,
      shape,
      index,
    );
    const size = layer.outputShape.reduce((product, extent) => product * extent, 1);
    const before = shape.reduce((product, extent) => product * extent, 1);
    if (!layer.outputShape.every((extent) => Number.isInteger(extent) && extent > 0))
      return err(misfit(index, resolved, shape, `its output would be [${layer.outputShape.join(', ')}]`));
    if (resolved.layer === 'reshape' && size !== before)
      return err(misfit(index, resolved, shape, `[${layer.outputShape.join(', ')}] has ${size} values, not ${before}`));
    layers.push(layer);
    shape = layer.outputShape;
  }
  if (shape.length !== 1)
    return err(
      failure('model-shape', `the model ends in shape [${shape.join(', ')}], not in one number a class`, {
        hint: 'add - flatten: {} before the last layer',
      }),
    );
  const forms = layers.flatMap((layer, index) =>
    layer.weights.map((form) => ({ ...form, name: `${index}_${core.layers[index]?.layer}/${form.name}` })),
  );
  const parameters = forms.reduce((sum, form) => sum + form.shape.reduce((product, extent) => product * extent, 1), 0);
  if (parameters > mostParameters)
    return err(
      failure('model-size', `the model has ${parameters} parameters, more than ${mostParameters}`, {
        hint: 'give its layers fewer units or filters',
      }),
    );
  return ok({
    image: { height: image.height, width: image.width },
    inputShape,
    outputShapes: layers.map((layer) => layer.outputShape),
    parameters,
    weights: forms.map(({ name, shape: weightShape, trainable }) => ({
      name,
      shape: weightShape,
      trainable: trainable !== false,
    })),
    signature: JSON.stringify([image.height, image.width, core.input, core.layers]),
    initialWeights: (seed) =>
      forms.map(({ name, shape: weightShape, initializer, adjust }) => {
        const values = initialValues(initializer, weightShape, createRandom(seed, 'weight', name));
        adjust?.(values);
        return { name, shape: weightShape, values };
      }),
    logits: (tensorflow, input, weights, mode) => {
      let position = 0;
      return layers.reduce((current, layer) => {
        const own = weights.slice(position, position + layer.weights.length);
        position += layer.weights.length;
        return layer.apply(tensorflow, current, own, mode);
      }, input);
    },
  });
}

function isPermutation({ config }: ResolvedLayer, axes: number): boolean {
  const dims = config['dims'] as readonly number[];
  return dims.length === axes && new Set(dims).size === axes && dims.every((axis) => axis <= axes);
}

function misfit(index: number, resolved: ResolvedLayer, shape: readonly number[], why: string) {
  return failure(
    'model-shape',
    `layer ${index + 1} (${resolved.layer}) cannot take shape [${shape.join(', ')}]: ${why}`,
    { hint: 'mend the layers before it, or the input of the model' },
  );
}
