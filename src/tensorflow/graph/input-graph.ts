import { type Output, typeOf } from './graph-definition.ts';
import { names } from './names.ts';
import type { GraphContext } from './training-graph.ts';

/**
 * Adds a batch of images as the network takes them, divided by the scale. The placeholder takes their pixels
 * [batch, size] or, where all images are on the device, their rows int32 [batch].
 */
export function addImages({ plan, definition, handles }: GraphContext, placeholder: string, batch: number): Output {
  const { network, pixels, images } = plan;
  const size = network.inputShape.reduce((product, extent) => product * extent, 1);
  const stored =
    images.on === 'host'
      ? definition.placeholder(placeholder, pixels, [batch, size])
      : definition.add(
          'GatherV2',
          [
            definition.add('ReadVariableOp', [handles.get(names.images) as Output], { dtype: typeOf(pixels) }),
            definition.placeholder(placeholder, 'int32', [batch]),
            definition.constant([], 'int32', Int32Array.of(0)),
          ],
          {
            Tparams: typeOf(pixels),
            Tindices: typeOf('int32'),
            Taxis: typeOf('int32'),
            batch_dims: { type: 'int', value: 0 },
          },
        );
  const numbers =
    pixels === 'float32'
      ? stored
      : definition.add('Cast', [stored], { SrcT: typeOf('uint8'), DstT: typeOf('float32') });
  // The scale is fed, not a constant: TensorFlow would multiply by its reciprocal, which rounds otherwise than Keras.
  const scaled = definition.add('RealDiv', [numbers, names.scale], { T: typeOf('float32') });
  const shape = definition.intsConstant([batch, ...network.inputShape]);
  return definition.add('Reshape', [scaled, shape], { T: typeOf('float32'), Tshape: typeOf('int32') });
}
