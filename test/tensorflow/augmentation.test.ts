import { expect, it } from 'vitest';
import { augmentationDefaults } from '../../src/model/training-rules.ts';
import { distorted, drawTransforms, numbersPerTransform } from '../../src/tensorflow/augmentation.ts';
import { describeOnBackends } from './backends.ts';

const size = { height: 5, width: 7 };
const image = Array.from({ length: 35 }, (_, index) => (index * 37) % 101);
const draw = (setting: Partial<typeof augmentationDefaults>, step = 1, count = 1): Float32Array =>
  drawTransforms({ ...augmentationDefaults, ...setting }, { seed: 5, step, count, ...size });

it('draws another map for each image and each step, and the same ones again', () => {
  const strong = { rotation: 20, translation: 0.2, zoom: 0.2, shear: 10 };
  const [first, second] = [draw(strong, 1, 2), draw(strong, 2, 2)];
  expect(first.subarray(0, 6)).not.toEqual(first.subarray(8, 14));
  expect(second).not.toEqual(first);
  expect(draw(strong, 1, 2)).toEqual(first);
});

it('keeps to the limits that are set', () => {
  const transforms = draw({ rotation: 30 }, 1, 500);
  const angles = Array.from({ length: 500 }, (_, index) => {
    const [a = 0, b = 0, , c = 0, d = 0] = transforms.subarray(index * numbersPerTransform);
    // A rotation and nothing else: columns of length 1, at right angles.
    expect(a * a + c * c).toBeCloseTo(1, 5);
    expect(a * b + c * d).toBeCloseTo(0, 5);
    return (Math.atan2(b, a) * 180) / Math.PI;
  });
  expect(Math.max(...angles.map(Math.abs))).toBeLessThanOrEqual(30);
  expect(Math.max(...angles)).toBeGreaterThan(25);
  expect(Math.min(...angles)).toBeLessThan(-25);
});

it('leaves a share of the images exactly as they are, others in each step', () => {
  const unchanged = (share: number, step = 1): boolean[] => {
    const transforms = draw({ rotation: 30, share }, step, 1000);
    return Array.from({ length: 1000 }, (_, index) => transforms[index * numbersPerTransform + 1] === 0);
  };
  const count = unchanged(0.75).filter(Boolean).length;
  expect(count).toBeGreaterThan(200);
  expect(count).toBeLessThan(300);
  expect(unchanged(0.75, 2)).not.toEqual(unchanged(0.75));
  expect(unchanged(1).some(Boolean)).toBe(false);
});

await describeOnBackends('distorted images', (tensorflow) => {
  const apply = (transforms: ArrayLike<number>, fill = 0): number[] => {
    const { tf } = tensorflow();
    return tf.tidy(() => {
      const maps = tf.tensor2d(Float32Array.from(transforms), [1, numbersPerTransform]);
      return Array.from(distorted(tensorflow(), tf.tensor(image, [1, 35]), size, maps, fill).dataSync());
    });
  };

  it('are the same where nothing is asked for', () => {
    expect(apply(draw({}))).toEqual(image);
  });

  it('are shifted, with zeros or another value from outside', () => {
    const right = apply([1, 0, -2, 0, 1, 0, 0, 0]);
    expect(right).toEqual(image.map((_, index) => (index % 7 < 2 ? 0 : image[index - 2])));
    const filled = apply([1, 0, -2, 0, 1, 0, 0, 0], 0.5);
    expect(filled).toEqual(image.map((_, index) => (index % 7 < 2 ? 0.5 : image[index - 2])));
  });

  it('are turned about their centre', () => {
    const half = apply([-1, 0, 6, 0, -1, 4, 0, 0]);
    half.forEach((value, index) => {
      expect(value).toBeCloseTo(image[34 - index] as number, 4);
    });
  });
});
