import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { AugmentationSetting } from '../model/training-rules.ts';
import { createRandom } from '../util/random.ts';
import type { TensorFlow } from './runtime.ts';

export interface ImageSize {
  readonly height: number;
  readonly width: number;
}

/** Numbers that say how one image is distorted. */
export const numbersPerTransform = 8;

const identity = [1, 0, 0, 0, 1, 0, 0, 0];

/**
 * A random affine map for each image of a step [count * 8], each time another: rotation, zoom, shear and translation
 * about the centre. In the form of tf.image.transform: from a place in the new image to the place in the old one.
 */
export function drawTransforms(
  setting: AugmentationSetting,
  {
    seed,
    step,
    count,
    height,
    width,
  }: ImageSize & { readonly seed: number; readonly step: number; readonly count: number },
): Float32Array {
  const random = createRandom(seed, 'augmentation', step);
  const between = (largest: number): number => (2 * random.uniform() - 1) * largest;
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const transforms = new Float32Array(count * numbersPerTransform);
  for (let image = 0; image < count; image++) {
    // The identity copies pixels exactly. Drawn before the map, so that the maps of the others do not depend on the share.
    const isDistorted = random.uniform() < setting.share;
    const angle = radians(between(setting.rotation));
    const slant = Math.tan(radians(between(setting.shear)));
    const zoom = 1 + between(setting.zoom);
    const [down, across] = [between(setting.translation) * height, between(setting.translation) * width];
    const [cosine, sine] = [Math.cos(angle) / zoom, Math.sin(angle) / zoom];
    // Rotation times shear: [[cos, sin], [-sin, cos]] * [[1, slant], [0, 1]].
    const [a, b, c, d] = [cosine, cosine * slant + sine, -sine, -sine * slant + cosine];
    const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2];
    const [x, y] = [middleX + across, middleY + down];
    const row = [a, b, middleX - a * x - b * y, c, d, middleY - c * x - d * y, 0, 0];
    transforms.set(isDistorted ? row : identity, image * numbersPerTransform);
  }
  return transforms;
}

/** Distorts images [batch, …] of one channel by `transforms` [batch, 8], bilinearly; what comes from outside is `fill`. */
export function distorted(
  { tf, native }: TensorFlow,
  input: Tensor,
  { height, width }: ImageSize,
  transforms: Tensor2D,
  fill: number,
): Tensor {
  const images = tf.reshape(input, [-1, height, width, 1]) as Tensor4D;
  if (native === undefined)
    return tf.reshape(tf.image.transform(images, transforms, 'bilinear', 'constant', fill), input.shape);
  // tfjs-node has no kernel for tf.image.transform; TensorFlow has the one that it is modelled on.
  const [moved] = native.run(
    'ImageProjectiveTransformV3',
    [
      { name: 'dtype', type: 'type', value: 'float32' },
      { name: 'interpolation', type: 'string', value: 'BILINEAR' },
      { name: 'fill_mode', type: 'string', value: 'CONSTANT' },
    ],
    [images, transforms, tf.tensor1d([height, width], 'int32'), tf.scalar(fill)],
    1,
  );
  return tf.reshape(moved as Tensor, input.shape);
}
