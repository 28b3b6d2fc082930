import type { Json } from '../util/json.ts';
import type { ResolvedLayer } from './description.ts';
import { innerLayer, isLayer, layerForm, type Shape, sizeOf } from './layer-form.ts';

/**
 * Floating-point operations of the layers for one sample, forward: two a multiplication with its addition, as papers count them.
 * Only matrix products and convolutions: what else there is (biases, activations, pooling, normalisation) is far less. Undefined
 * where a layer is not known.
 */
export function forwardOperations(layers: readonly ResolvedLayer[], input: Shape): number | undefined {
  let shape = input;
  let operations = 0;
  for (const layer of layers) {
    if (!isLayer(layer.layer)) return undefined;
    operations += 2 * multiplications(layer, shape);
    shape = layerForm(layer, shape).shape;
  }
  return operations;
}

function multiplications(resolved: ResolvedLayer, input: Shape): number {
  const { layer, config } = resolved;
  const { shape, weights } = layerForm(resolved, input);
  const size = (name: string): number => sizeOf(weights.find((weight) => weight.name === name)?.shape ?? [0]);
  switch (layer) {
    case 'dense':
      // The same product at each place of what comes before the last axis.
      return size('kernel') * sizeOf(input.slice(0, -1));
    case 'conv2d':
      return size('kernel') * sizeOf(shape.slice(0, 2));
    case 'lstm':
    case 'gru':
      return (size('kernel') + size('recurrent_kernel')) * (input[0] ?? 0);
    case 'bidirectional':
      return 2 * multiplications(innerLayer(config), input);
    case 'multiHeadAttention': {
      const [steps = 0] = input;
      const projections = ['query', 'key', 'value', 'output'].reduce((sum, name) => sum + size(`${name}_kernel`), 0);
      const number = (value: Json | undefined, fallback: number): number =>
        typeof value === 'number' ? value : fallback;
      const keys = number(config['keyDim'], 0);
      const perPair = number(config['numHeads'], 0) * (keys + number(config['valueDim'], keys));
      return projections * steps + steps * steps * perPair;
    }
    default:
      return 0;
  }
}
