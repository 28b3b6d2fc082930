import { expect, it } from 'vitest';
import type { ModelInput, ResolvedLayer } from '../../../src/model/description.ts';
import { type OptimizerName, type OptimizerSetting, optimizerDefaults } from '../../../src/model/optimizers.ts';
import { buildNetwork, type Network } from '../../../src/tensorflow/network.ts';
import { type Trained, type TrainingRequest, train } from '../../../src/tensorflow/train.ts';
import { describeOnBackends } from '../backends.ts';
import { brightRows } from '../samples.ts';

const size = { height: 8, width: 8, classes: 8 };
const data = brightRows(190, size);
const rows = Int32Array.from({ length: 150 }, (_, row) => row);
const others = Int32Array.from({ length: 40 }, (_, row) => 150 + row);

const layer = (name: string, config: ResolvedLayer['config'] = {}): ResolvedLayer => ({ layer: name, config });
const end = layer('dense', { units: size.classes, activation: 'softmax' });
const dropout = layer('dropout', { rate: 0.3 });
const convolution = layer('conv2d', { filters: 4, kernelSize: 3, activation: 'relu' });
const families: Readonly<Record<string, { readonly input: ModelInput; readonly layers: readonly ResolvedLayer[] }>> = {
  MLP: { input: 'flat', layers: [layer('dense', { units: 12, activation: 'tanh' }), dropout, end] },
  CNN: { input: 'image', layers: [convolution, layer('maxPooling2d'), layer('flatten'), dropout, end] },
  LSTM: {
    input: 'sequence',
    layers: [layer('lstm', { units: 6, returnSequences: true }), dropout, layer('lstm', { units: 5 }), end],
  },
  'CNN-LSTM': {
    input: 'image',
    layers: [convolution, layer('reshape', { targetShape: [6, -1] }), dropout, layer('lstm', { units: 5 }), end],
  },
  GRU: { input: 'sequence', layers: [layer('gru', { units: 6 }), dropout, end] },
  'batch normalization': {
    input: 'image',
    layers: [
      convolution,
      layer('batchNormalization'),
      layer('activation', { activation: 'gelu' }),
      layer('flatten'),
      end,
    ],
  },
  'both ways, attention': {
    input: 'sequence',
    layers: [
      layer('bidirectional', { layer: { lstm: { units: 4, returnSequences: true } } }),
      layer('multiHeadAttention', { numHeads: 2, keyDim: 3, dropout: 0.2 }),
      layer('layerNormalization'),
      layer('globalAveragePooling1d'),
      end,
    ],
  },
};

function networkOf(family: string): Network {
  const core = families[family];
  if (core === undefined) throw new Error(`no family ${family}`);
  const training = { optimizer: setting('adam'), batchSize: 16, epochs: 5, loss: '' };
  const built = buildNetwork({ ...core, training }, size);
  if (!built.ok) throw new Error(built.error.message);
  return built.value;
}

function setting(name: OptimizerName, constants: object = {}): OptimizerSetting {
  return { name, ...optimizerDefaults[name], ...constants } as OptimizerSetting;
}

/** Ten steps an epoch, the last one of six rows: fifty in all. */
function request(
  family: string,
  trainer: 'graph' | 'eager',
  changes: Partial<TrainingRequest> & { readonly optimizer?: OptimizerSetting } = {},
): TrainingRequest {
  const { optimizer = setting('adam'), ...others } = changes;
  const { signal } = new AbortController();
  const training = { optimizer, batchSize: 16, epochs: 5, loss: 'sparseCategoricalCrossentropy', trainer };
  return { network: networkOf(family), training, data, rows, seed: 7, signal, onProgress: () => {}, ...others };
}

const validation = { rows: others, when: 'every epoch' } as const;

const bits = ({ weights }: Trained): number[][] =>
  weights.map(({ values }) => Array.from(new Uint32Array(values.slice().buffer)));

function expectClose(left: Trained, right: Trained, tolerance: number): void {
  left.history.forEach((scores, index) => {
    expect(Math.abs(scores.loss - (right.history[index]?.loss ?? Number.NaN))).toBeLessThan(tolerance);
    expect(Math.abs(scores.validationLoss - (right.history[index]?.validationLoss ?? Number.NaN))).toBeLessThan(
      tolerance,
    );
  });
}

await describeOnBackends(
  'training by a graph',
  (tensorflow) => {
    it.each(Object.keys(families))(
      'comes to what operation by operation comes to, dropout included: %s',
      async (family) => {
        const graph = await train(tensorflow(), request(family, 'graph', { validation }));
        const eager = await train(tensorflow(), request(family, 'eager', { validation }));
        expect(graph.history).toHaveLength(5);
        expectClose(graph, eager, 1e-5);
      },
      30_000,
    );

    const optimizers: OptimizerSetting[] = [
      ...(Object.keys(optimizerDefaults) as OptimizerName[]).map((name) => setting(name)),
      setting('adamw', { weightDecay: 0.1 }),
      setting('sgd', { momentum: 0.9 }),
      setting('sgd', { momentum: 0.9, nesterov: true }),
      setting('rmsprop', { momentum: 0.5 }),
      setting('rmsprop', { centered: true, momentum: 0.5 }),
      setting('ftrl', { l1: 0.05, l2: 0.01, beta: 0.1 }),
    ];
    it.each(optimizers.map((optimizer) => [JSON.stringify(optimizer), optimizer] as const))(
      'moves weights as the formulas do: %s',
      async (_, optimizer) => {
        const graph = await train(tensorflow(), request('MLP', 'graph', { optimizer, validation }));
        const eager = await train(tensorflow(), request('MLP', 'eager', { optimizer, validation }));
        expectClose(graph, eager, 1e-5);
      },
    );

    it.each(Object.keys(families))('gives the same bits for the same seed: %s', async (family) => {
      const first = await train(tensorflow(), request(family, 'graph', { validation }));
      const second = await train(tensorflow(), request(family, 'graph', { validation }));
      expect(bits(second)).toEqual(bits(first));
      expect(second.history).toEqual(first.history);
    });

    it('gives the same bits after another fit used the same graph', async () => {
      const first = await train(tensorflow(), request('MLP', 'graph'));
      await train(tensorflow(), request('MLP', 'graph', { seed: 8, optimizer: setting('adam') }));
      expect(bits(await train(tensorflow(), request('MLP', 'graph')))).toEqual(bits(first));
    });

    it('keeps two fits apart that run at the same time', async () => {
      const alone = await train(tensorflow(), request('MLP', 'graph'));
      const [first, second] = await Promise.all([
        train(tensorflow(), request('MLP', 'graph', { validation })),
        train(tensorflow(), request('MLP', 'graph', { validation, seed: 8 })),
      ]);
      expect(bits(first)).toEqual(bits(alone));
      expect(bits(second)).not.toEqual(bits(alone));
    });

    it('gives the same bits with all images on the device as with each batch fed', async () => {
      const fed = await train(tensorflow(), request('CNN', 'graph', { validation }));
      const stored = await train(tensorflow(), request('CNN', 'graph', { validation, imagesOn: 'device' }));
      expect(bits(stored)).toEqual(bits(fed));
      expect(stored.history).toEqual(fed.history);
    });

    it('takes fewer rows than a batch, and one row', async () => {
      for (const count of [5, 1]) {
        const few = { rows: rows.slice(0, count), validation };
        const graph = await train(tensorflow(), request('MLP', 'graph', few));
        expectClose(graph, await train(tensorflow(), request('MLP', 'eager', few)), 1e-5);
      }
    });
  },
  'native',
);
