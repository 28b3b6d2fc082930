import { expect, it } from 'vitest';
import type { ResolvedLayer } from '../../src/model/description.ts';
import { optimizerDefaults } from '../../src/model/optimizers.ts';
import type { TrainingData } from '../../src/tensorflow/batches.ts';
import { buildNetwork, type Network } from '../../src/tensorflow/network.ts';
import { type Trained, type TrainingRequest, train } from '../../src/tensorflow/train.ts';
import { describeOnBackends } from './backends.ts';
import { brightRows } from './samples.ts';

const size = { height: 4, width: 4, classes: 4 };
const data: TrainingData = brightRows(40, size);
const rows = Int32Array.from({ length: 30 }, (_, row) => row);
const others = Int32Array.from({ length: 10 }, (_, row) => 30 + row);

const adam = { name: 'adam', ...optimizerDefaults.adam, learningRate: 0.01 } as const;
const training = { optimizer: adam, batchSize: 8, epochs: 2, loss: 'sparseCategoricalCrossentropy' } as const;

const end: ResolvedLayer = { layer: 'dense', config: { units: size.classes, activation: 'softmax' } };
const hidden: ResolvedLayer = { layer: 'dense', config: { units: 6, activation: 'tanh' } };
const dropout: ResolvedLayer = { layer: 'dropout', config: { rate: 0.5 } };
const families: Readonly<Record<string, { input: 'flat' | 'sequence' | 'image'; layers: ResolvedLayer[] }>> = {
  MLP: { input: 'flat', layers: [hidden, dropout, end] },
  CNN: {
    input: 'image',
    layers: [
      { layer: 'conv2d', config: { filters: 4, kernelSize: 3, padding: 'same', activation: 'relu' } },
      { layer: 'maxPooling2d', config: { poolSize: [1, 2] } },
      { layer: 'flatten', config: {} },
      dropout,
      end,
    ],
  },
  LSTM: {
    input: 'sequence',
    layers: [
      { layer: 'lstm', config: { units: 5, returnSequences: true } },
      dropout,
      { layer: 'lstm', config: { units: 3 } },
      end,
    ],
  },
};

function networkOf(family: string): Network {
  const core = families[family];
  if (core === undefined) throw new Error(`no family ${family}`);
  const built = buildNetwork({ ...core, training }, size);
  if (!built.ok) throw new Error(built.error.message);
  return built.value;
}

function request(family: string, changes: Partial<TrainingRequest> = {}): TrainingRequest {
  const { signal } = new AbortController();
  return { network: networkOf(family), training, data, rows, seed: 7, signal, onProgress: () => {}, ...changes };
}

const bits = ({ weights }: Trained): number[][] =>
  weights.map(({ values }) => Array.from(new Uint32Array(values.slice().buffer)));

await describeOnBackends('training', (tensorflow) => {
  const names = Object.keys(families);

  it.each(names)('gives the same bits for the same seed: %s', async (family) => {
    const first = await train(tensorflow(), request(family));
    const second = await train(tensorflow(), request(family));
    expect(bits(second)).toEqual(bits(first));
    expect(second.history).toEqual(first.history);
  });

  it.each(names)('gives other weights for another seed: %s', async (family) => {
    const first = await train(tensorflow(), request(family));
    const second = await train(tensorflow(), request(family, { seed: 8 }));
    expect(bits(second)).not.toEqual(bits(first));
  });

  it('leaves nothing on the device after twenty fits', async () => {
    const validation = { rows: others, when: 'every epoch' } as const;
    await train(tensorflow(), request('LSTM', { validation }));
    const before = tensorflow().tf.memory().numTensors;
    for (let fit = 0; fit < 20; fit++) await train(tensorflow(), request(names[fit % 3] as string, { validation }));
    expect(tensorflow().tf.memory().numTensors).toBe(before);
  }, 30_000);

  it.each(names)(
    'learns what is easy to learn: %s',
    async (family) => {
      const long = { ...training, epochs: 80, optimizer: { ...adam, learningRate: 0.03 } };
      const trained = await train(
        tensorflow(),
        request(family, { training: long, validation: { rows: others, when: 'end' } }),
      );
      expect(trained.score.accuracy).toBeGreaterThan(0.85);
    },
    30_000,
  );

  it('scores rows that it does not train on after every epoch, or after the last one only', async () => {
    const every = await train(tensorflow(), request('MLP', { validation: { rows: others, when: 'every epoch' } }));
    const atEnd = await train(tensorflow(), request('MLP', { validation: { rows: others, when: 'end' } }));
    expect(every.history.map(({ validationAccuracy }) => Number.isNaN(validationAccuracy))).toEqual([false, false]);
    expect(atEnd.history.map(({ validationAccuracy }) => Number.isNaN(validationAccuracy))).toEqual([true, true]);
    expect(atEnd.score.accuracy).toBe(every.history[1]?.validationAccuracy);
    expect(every.score).toEqual(atEnd.score);
    expect(bits(atEnd)).toEqual(bits(every));
  });

  it('trains on every row of an epoch, the last and smaller batch included', async () => {
    const gathered: number[] = [];
    const images = {
      ...data.images,
      gather: (wanted: ArrayLike<number>) => {
        gathered.push(...Array.from(wanted));
        return data.images.gather(wanted);
      },
    };
    await train(tensorflow(), request('MLP', { data: { ...data, images }, training: { ...training, epochs: 1 } }));
    expect(gathered).toHaveLength(rows.length);
    expect(gathered.toSorted((left, right) => left - right)).toEqual(Array.from(rows));
    expect(gathered).not.toEqual(Array.from(rows));
  });

  it('never looks at a row that it was not given', async () => {
    const labels = Int32Array.from(data.labels, (label, row) => (row < 30 ? label : 99));
    const trained = await train(tensorflow(), request('MLP', { data: { ...data, labels } }));
    expect(bits(trained)).toEqual(bits(await train(tensorflow(), request('MLP'))));
  });

  it('stops where the loss is no longer a number, and says in which epoch and batch', async () => {
    const wild = { ...training, optimizer: { name: 'sgd', learningRate: 1e38, momentum: 0, nesterov: false } } as const;
    const trained = await train(tensorflow(), request('MLP', { training: wild }));
    expect(trained.diverged).toMatchObject({ epoch: 1 });
    expect(trained.diverged?.batch).toBeGreaterThan(1);
    expect(trained.history).toHaveLength(1);
    expect(trained.history[0]?.loss).not.toBeLessThan(Number.POSITIVE_INFINITY);
  });

  it('ends soon after it was aborted, and leaves nothing on the device', async () => {
    const before = tensorflow().tf.memory().numTensors;
    const controller = new AbortController();
    const endless = { ...training, epochs: 1_000_000 };
    const onProgress = () => controller.abort(new Error('stopped by the test'));
    const running = train(tensorflow(), request('MLP', { training: endless, signal: controller.signal, onProgress }));
    await expect(running).rejects.toThrow('stopped by the test');
    expect(tensorflow().tf.memory().numTensors).toBe(before);
  });

  it('draws another dropout mask at every step', async () => {
    // Two steps on equal rows with hardly any learning: only the mask can change the loss.
    const same = Int32Array.from({ length: 16 }, () => 3);
    const optimizer = { name: 'sgd', learningRate: 1e-6, momentum: 0, nesterov: false } as const;
    const one = { ...training, optimizer, epochs: 1, batchSize: 16 };
    const first = await train(tensorflow(), request('MLP', { rows: same, training: one }));
    const second = await train(tensorflow(), request('MLP', { rows: same, training: { ...one, epochs: 2 } }));
    const losses = second.history.map(({ loss }) => loss);
    expect(losses[0]).toBe(first.history[0]?.loss);
    expect(Math.abs((losses[1] ?? 0) - (losses[0] ?? 0))).toBeGreaterThan(1e-4);
  });

  it.each(names)('goes on from its last epoch after it was stopped, to the same bits: %s', async (family) => {
    const validation = { rows: others, when: 'every epoch' } as const;
    const long = { ...training, epochs: 4 };
    const whole = await train(tensorflow(), request(family, { training: long, validation }));
    for (const stopAfter of [1, 2, 3]) {
      let kept: Uint8Array | undefined;
      let written = 0;
      const checkpoint = {
        read: () => kept,
        write: (bytes: Uint8Array) => {
          kept = bytes;
          if (++written === stopAfter) throw new Error('stopped by the test');
        },
      };
      const stopped = { training: long, validation, checkpoint, checkpointSeconds: 0 };
      await expect(train(tensorflow(), request(family, stopped))).rejects.toThrow('stopped by the test');
      const lines: string[] = [];
      const resumed = await train(tensorflow(), request(family, { ...stopped, log: (line) => lines.push(line) }));
      expect(lines[0]).toBe(`goes on after epoch ${stopAfter}, from its checkpoint`);
      expect(bits(resumed)).toEqual(bits(whole));
      expect(resumed.history).toEqual(whole.history);
    }
  });
});
