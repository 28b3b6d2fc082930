import { expect, it } from 'vitest';
import { inputShape, shapedLayers } from '../../src/report/layer-shapes.ts';

/** Shapes and parameters as Keras' `model.summary()` prints them. */
it('follows a convolutional model to the parameters that Keras counts', () => {
  const layers = shapedLayers(
    [
      { layer: 'conv2d', config: { filters: 32, kernelSize: 3 } },
      { layer: 'maxPooling2d', config: { poolSize: 2 } },
      { layer: 'conv2d', config: { filters: 64, kernelSize: [3, 3], padding: 'same' } },
      { layer: 'batchNormalization', config: {} },
      { layer: 'flatten', config: {} },
      { layer: 'dense', config: { units: 62 } },
    ],
    inputShape('image', 28, 28),
  );
  expect(layers.map(({ shape, parameters }) => [shape, parameters])).toEqual([
    [[26, 26, 32], 320],
    [[13, 13, 32], 0],
    [[13, 13, 64], 18496],
    [[13, 13, 64], 256],
    [[10816], 0],
    [[62], 670654],
  ]);
});

it('follows a recurrent model', () => {
  const layers = shapedLayers(
    [
      { layer: 'lstm', config: { units: 150, returnSequences: true } },
      { layer: 'dropout', config: { rate: 0.2 } },
      { layer: 'gru', config: { units: 75 } },
    ],
    inputShape('sequence', 28, 28),
  );
  expect(layers.map(({ shape, parameters }) => [shape, parameters])).toEqual([
    [[28, 150], 107400],
    [[28, 150], 0],
    [[75], 51075],
  ]);
});

it('knows nothing from the first unknown layer on', () => {
  const layers = shapedLayers(
    [
      { layer: 'mystery', config: {} },
      { layer: 'dense', config: { units: 3 } },
    ],
    [4],
  );
  expect(layers.map(({ shape, parameters }) => [shape, parameters])).toEqual([
    [undefined, undefined],
    [undefined, undefined],
  ]);
});
