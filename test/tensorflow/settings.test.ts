import { expect, it } from 'vitest';
import type { TrainingSetting } from '../../src/model/description.ts';
import { optimizerDefaults } from '../../src/model/optimizers.ts';
import { augmentationDefaults, earlyStoppingDefaults } from '../../src/model/training-rules.ts';
import { buildNetwork } from '../../src/tensorflow/network.ts';
import { type Trained, type TrainingRequest, train } from '../../src/tensorflow/train.ts';
import { describeOnBackends } from './backends.ts';
import { brightRows } from './samples.ts';

const size = { height: 6, width: 6, classes: 6 };
const data = brightRows(120, size);
const rows = Int32Array.from({ length: 90 }, (_, row) => row);
const others = Int32Array.from({ length: 30 }, (_, row) => 90 + row);
const adam = { name: 'adam', ...optimizerDefaults.adam, learningRate: 0.01 } as const;

function request(setting: Partial<TrainingSetting>, changes: Partial<TrainingRequest> = {}): TrainingRequest {
  const training = { optimizer: adam, batchSize: 16, epochs: 4, loss: 'sparseCategoricalCrossentropy', ...setting };
  const layers = [
    { layer: 'dense', config: { units: 8, activation: 'relu' } },
    { layer: 'dense', config: { units: size.classes, activation: 'softmax' } },
  ];
  const network = buildNetwork({ input: 'flat', layers, training }, size);
  if (!network.ok) throw new Error(network.error.message);
  const { signal } = new AbortController();
  const validation = { rows: others, when: 'every epoch' } as const;
  const fixed = { network: network.value, training, data, rows, validation, seed: 3, signal, onProgress: () => {} };
  return { ...fixed, ...changes };
}

const settings: readonly (readonly [string, Partial<TrainingSetting>, Partial<TrainingRequest>])[] = [
  ['a schedule', { schedule: { name: 'cosineDecay', initialLearningRate: 0.05 } }, {}],
  ['weight decay of FTRL', { optimizer: { name: 'ftrl', ...optimizerDefaults.ftrl, weightDecay: 0.5 } }, {}],
  [
    'weight decay of SGD',
    { optimizer: { name: 'sgd', ...optimizerDefaults.sgd, momentum: 0.9, weightDecay: 0.5 } },
    {},
  ],
  ['weight decay of Lion', { optimizer: { name: 'lion', ...optimizerDefaults.lion, weightDecay: 0.5 } }, {}],
  ['weight decay of Nadam', { optimizer: { name: 'nadam', ...optimizerDefaults.nadam, weightDecay: 0.5 } }, {}],
  ['weight decay of Adam', { optimizer: { ...adam, weightDecay: 0.5 } }, {}],
  ['clipping by norm', { optimizer: { ...adam, clipNorm: 0.01 } }, {}],
  ['clipping by the global norm', { optimizer: { ...adam, globalClipNorm: 0.01 } }, {}],
  ['clipping by value', { optimizer: { ...adam, clipValue: 0.001 } }, {}],
  ['weights of classes', {}, { classWeights: Float32Array.of(5, 1, 1, 0.1, 1, 1) }],
  ['augmentation with ones around', { augmentation: { ...augmentationDefaults, translation: 0.3, fill: 1 } }, {}],
  ['augmentation', { augmentation: { ...augmentationDefaults, rotation: 20, translation: 0.2 } }, {}],
];

const losses = ({ history }: Trained): number[] => history.map(({ loss }) => loss);

await describeOnBackends('settings of training', (tensorflow, backend) => {
  it.each(settings)('change the fit: %s', async (_, setting, changes) => {
    const plain = await train(tensorflow(), request({}));
    const set = await train(tensorflow(), request(setting, changes));
    expect(losses(set)).not.toEqual(losses(plain));
  });

  if (backend === 'native')
    it.each(settings)('come to the same by a graph as operation by operation: %s', async (_, setting, changes) => {
      const graph = await train(tensorflow(), request(setting, changes));
      const eager = await train(tensorflow(), request({ ...setting, trainer: 'eager' }, changes));
      graph.history.forEach((scores, index) => {
        expect(Math.abs(scores.loss - (eager.history[index]?.loss ?? Number.NaN))).toBeLessThan(1e-5);
      });
    });

  it('restore the weights of the best epoch, with which the score is taken', async () => {
    const earlyStopping = { ...earlyStoppingDefaults, patience: 2 };
    const wild = { optimizer: { ...adam, learningRate: 0.5 }, epochs: 30, earlyStopping };
    const trained = await train(tensorflow(), request(wild));
    const { history, bestEpoch = 0, stoppedEpoch, score } = trained;
    expect(history.length).toBe(stoppedEpoch);
    expect(stoppedEpoch).toBe(bestEpoch + 2);
    expect(score.loss).toBe(Math.min(...history.map(({ validationLoss }) => validationLoss)));
    const short = await train(tensorflow(), request({ ...wild, epochs: bestEpoch }));
    expect(trained.weights).toEqual(short.weights);
  });

  it('watch rows of their own where the scored rows must not be seen', async () => {
    const watched = Int32Array.from(rows.subarray(0, 15));
    const earlyStopping = { ...earlyStoppingDefaults, patience: 1 };
    const validation = { rows: others, when: 'end' } as const;
    const changes = { rows: rows.subarray(15), watched, validation };
    const trained = await train(tensorflow(), request({ epochs: 30, earlyStopping }, changes));
    const blind = { ...changes, validation: { rows: watched, when: 'end' } as const };
    const other = await train(tensorflow(), request({ epochs: 30, earlyStopping }, blind));
    expect(trained.weights).toEqual(other.weights);
    expect(trained.history).toEqual(other.history);
    expect(trained.score).not.toEqual(other.score);
  });

  it('go on from a checkpoint with all that early stopping knew', async () => {
    const setting = { epochs: 12, earlyStopping: { ...earlyStoppingDefaults, patience: 2 } };
    const wild = { ...setting, optimizer: { ...adam, learningRate: 0.5 } };
    const whole = await train(tensorflow(), request(wild));
    let kept: Uint8Array | undefined;
    const checkpoint = {
      read: () => kept,
      write: (bytes: Uint8Array) => {
        kept = bytes;
        throw new Error('stopped by the test');
      },
    };
    let trained: Trained | undefined;
    for (let turn = 0; turn < 20 && trained === undefined; turn++)
      trained = await train(tensorflow(), request(wild, { checkpoint, checkpointSeconds: 0 })).catch(() => undefined);
    expect(trained).toMatchObject({ history: whole.history, weights: whole.weights, bestEpoch: whole.bestEpoch });
  });
});
