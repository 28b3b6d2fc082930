import { beforeAll, describe, expect, it } from 'vitest';
import { initializers } from '../../../src/model/layers.ts';
import { initialValues } from '../../../src/tensorflow/initializers.ts';
import { createRandom } from '../../../src/util/random.ts';
import { ask } from './peer.ts';

interface Statistics {
  readonly mean: number;
  readonly deviation: number;
  readonly smallest: number;
  readonly largest: number;
}

interface Comparison {
  readonly pipe: Statistics;
  readonly keras: Statistics;
  readonly p: number;
  readonly toOrthonormal: readonly [pipe: number, keras: number];
}

/** About 200,000 values each: a wide and a high matrix, and the kernel of a convolution. */
const shapes = [
  [400, 500],
  [500, 400],
  [3, 3, 100, 224],
];
const cases = initializers.flatMap((initializer) =>
  shapes.map((shape) => ({
    initializer,
    shape,
    values: initialValues(initializer, shape, createRandom('draws', ...shape)),
  })),
);

describe("first values are distributed as those of Keras's initializers", () => {
  let answers: readonly Comparison[];

  beforeAll(async () => {
    const files = Object.fromEntries(cases.map(({ values }, index) => [String(index), values]));
    const request = cases.map(({ initializer, shape }) => ({ initializer, shape }));
    answers = (await ask<Comparison>('keras_initializers.py', { request, files })).lines;
  });

  it.each(cases.map((one, index) => [one.initializer, one.shape, index] as const))(
    '%s of shape %j',
    (name, shape, index) => {
      const { pipe, keras, p, toOrthonormal } = answers[index] as Comparison;
      const draws = shape.reduce((product, extent) => product * extent, 1);
      expect(p).toBeGreaterThan(1e-4);
      // Both are draws: their means are apart by a few standard errors, their deviations by a per cent at the most.
      expect(Math.abs(pipe.mean - keras.mean)).toBeLessThanOrEqual(5 * keras.deviation * Math.sqrt(2 / draws));
      expect(Math.abs(pipe.deviation - keras.deviation)).toBeLessThanOrEqual(0.01 * keras.deviation);
      // These have no bounds; their largest values are chance.
      const slack = ['orthogonal', 'randomNormal'].includes(name) ? 0.3 : 1e-3;
      expect(Math.abs(pipe.largest - keras.largest)).toBeLessThanOrEqual(slack * Math.abs(keras.largest));
      expect(Math.abs(pipe.smallest - keras.smallest)).toBeLessThanOrEqual(slack * Math.abs(keras.smallest));
      if (name === 'orthogonal') expect(Math.max(...toOrthonormal)).toBeLessThan(1e-5);
    },
  );
});
