import type { Tensor } from '@tensorflow/tfjs-core';
import { failure } from '../errors/failure.ts';
import type { ModelCore, ResolvedLayer } from '../model/description.ts';
import { inputShapeOf, type LayerForm, layerForm, type Shape, sizeOf, wantedAxes } from '../model/layer-form.ts';
import { createRandom } from '../util/random.ts';
import { err, ok, type Result } from '../util/result.ts';
import { attentionLayer } from './attention.ts';
import { bidirectionalLayer } from './bidirectional.ts';
import { convolutionLayer, pooledConvolution } from './convolution.ts';
import { denseLayer } from './dense.ts';
import { embeddingLayer } from './embedding.ts';
import { gruLayer } from './gru.ts';
import { initialValues } from './initializers.ts';
import type { Apply, LayerSetting, StepMode } from './layer.ts';
import { lstmLayer } from './lstm.ts';
import { batchNormalizationLayer, layerNormalizationLayer, normalizationLayer } from './normalisation.ts';
import { globalPoolingLayer, poolingLayer } from './pooling.ts';
import type { TensorFlow } from './runtime.ts';
import { activationLayer, dropoutLayer, permuteLayer, reshapeLayer } from './shape-layers.ts';

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
  /** Begins as a statistic of the rows that the network is trained on. */
  readonly adapted?: 'mean' | 'variance';
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

function makeLayer(setting: LayerSetting): Apply {
  switch (setting.layer) {
    case 'dense':
      return denseLayer(setting);
    case 'conv2d':
      return convolutionLayer(setting);
    case 'maxPooling2d':
    case 'averagePooling2d':
      return poolingLayer(setting);
    case 'globalAveragePooling1d':
    case 'globalMaxPooling1d':
    case 'globalAveragePooling2d':
    case 'globalMaxPooling2d':
      return globalPoolingLayer(setting);
    case 'flatten':
    case 'reshape':
      return reshapeLayer(setting);
    case 'permute':
      return permuteLayer(setting);
    case 'dropout':
      return dropoutLayer(setting);
    case 'activation':
      return activationLayer(setting);
    case 'lstm':
      return lstmLayer(setting);
    case 'gru':
      return gruLayer(setting);
    case 'bidirectional':
      return bidirectionalLayer(setting, makeLayer);
    case 'normalization':
      return normalizationLayer();
    case 'batchNormalization':
      return batchNormalizationLayer(setting);
    case 'layerNormalization':
      return layerNormalizationLayer(setting);
    case 'embedding':
      return embeddingLayer();
    case 'multiHeadAttention':
      return attentionLayer(setting);
    default:
      throw new Error(`no layer ${setting.layer}`);
  }
}

/** The layers as functions; a pooling that is done together with the convolution before it has nothing left to do. */
function makeLayers(settings: readonly LayerSetting[]): Apply[] {
  const pooled = settings.map((setting, index) => {
    const next = settings[index + 1];
    return next === undefined ? undefined : pooledConvolution(setting, next);
  });
  return settings.map((setting, index) => {
    if (pooled[index - 1] !== undefined) return (_, input) => input;
    return pooled[index] ?? makeLayer(setting);
  });
}

/** Chains the layers of a model for images of a size. Layers whose shapes do not fit are a failure that names them. */
export function buildNetwork(
  core: ModelCore,
  image: { readonly height: number; readonly width: number },
): Result<Network> {
  const inputShape = inputShapeOf(core.input, image.height, image.width);
  const layers: { readonly setting: LayerSetting; readonly form: LayerForm }[] = [];
  let shape: Shape = inputShape;
  for (const [index, resolved] of core.layers.entries()) {
    const last = index === core.layers.length - 1;
    const wanted = wantedAxes[resolved.layer];
    if (wanted !== undefined && shape.length !== wanted)
      return err(misfit(index, resolved, shape, `it wants ${wanted} dimensions`));
    if (resolved.layer === 'normalization' && index > 0)
      return err(
        misfit(index, resolved, shape, 'it knows the statistics of the inputs only, so it must be the first layer'),
      );
    if (resolved.layer === 'permute' && !isPermutation(resolved, shape.length))
      return err(misfit(index, resolved, shape, `"dims" must name each of its ${shape.length} axes once, from 1`));
    // The last layer's softmax is part of the loss.
    const config = last ? { ...resolved.config, activation: 'linear' } : resolved.config;
    const form = layerForm({ layer: resolved.layer, config }, shape);
    const output = form.shape;
    if (!output.every((extent) => Number.isInteger(extent) && extent > 0))
      return err(misfit(index, resolved, shape, `its output would be [${output.join(', ')}]`));
    if (resolved.layer === 'reshape' && sizeOf(output) !== sizeOf(shape)) {
      const why = `[${output.join(', ')}] has ${sizeOf(output)} values, not ${sizeOf(shape)}`;
      return err(misfit(index, resolved, shape, why));
    }
    const setting = { layer: resolved.layer, config, inputShape: shape, outputShape: output, index };
    layers.push({ form, setting });
    shape = output;
  }
  if (shape.length !== 1)
    return err(
      failure('model-shape', `the model ends in shape [${shape.join(', ')}], not in one number a class`, {
        hint: 'add - flatten: {} before the last layer',
      }),
    );
  const applies = makeLayers(layers.map(({ setting }) => setting));
  const forms = layers.flatMap(({ form }, index) =>
    form.weights.map((weight) => ({ ...weight, name: `${index}_${core.layers[index]?.layer}/${weight.name}` })),
  );
  const parameters = forms.reduce((sum, form) => sum + sizeOf(form.shape), 0);
  if (parameters > mostParameters)
    return err(
      failure('model-size', `the model has ${parameters} parameters, more than ${mostParameters}`, {
        hint: 'give its layers fewer units or filters',
      }),
    );
  return ok({
    image: { height: image.height, width: image.width },
    inputShape,
    outputShapes: layers.map(({ form }) => form.shape),
    parameters,
    weights: forms.map(({ name, shape: weightShape, trainable, adapted }) => ({
      name,
      shape: weightShape,
      trainable: trainable !== false,
      ...(adapted === undefined ? {} : { adapted }),
    })),
    signature: JSON.stringify([image.height, image.width, core.input, core.layers]),
    initialWeights: (seed) =>
      forms.map(({ name, shape: weightShape, initializer, ones }) => {
        const values = initialValues(initializer, weightShape, createRandom(seed, 'weight', name));
        if (ones !== undefined) values.fill(1, ...ones);
        return { name, shape: weightShape, values };
      }),
    logits: (tensorflow, input, weights, mode) => {
      let position = 0;
      return layers.reduce((current, { form }, index) => {
        const own = weights.slice(position, position + form.weights.length);
        position += form.weights.length;
        return (applies[index] as Apply)(tensorflow, current, own, mode);
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
