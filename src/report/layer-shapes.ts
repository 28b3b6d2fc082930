import { inputShapeOf, isLayer, layerForm, type Shape, sizeOf } from '../model/layer-form.ts';
import type { JsonObject } from '../util/json.ts';
import type { LayerFacts } from './study.ts';

/** A layer with what follows from its configuration; undefined where that cannot be told. */
export interface ShapedLayer {
  readonly layer: string;
  readonly config: JsonObject;
  /** Shape of one sample after the layer. */
  readonly shape: Shape | undefined;
  readonly parameters: number | undefined;
}

/** Shape of one sample as a model of this input kind sees an image; undefined for another kind. */
export function inputShape(kind: string | undefined, height: number, width: number): Shape | undefined {
  return kind !== undefined && ['flat', 'sequence', 'image'].includes(kind)
    ? inputShapeOf(kind, height, width)
    : undefined;
}

/** Shapes and parameters layer by layer; unknown from the first layer that there is none of on. */
export function shapedLayers(layers: readonly LayerFacts[], input: Shape | undefined): ShapedLayer[] {
  let shape = input;
  return layers.map(({ layer, config }) => {
    const form = shape === undefined || !isLayer(layer) ? undefined : layerForm({ layer, config }, shape);
    shape = form?.shape;
    const parameters = form?.weights.reduce((sum, weight) => sum + sizeOf(weight.shape), 0);
    return { layer, config, shape, parameters };
  });
}
