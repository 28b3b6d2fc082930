import { describe, expect, it } from 'vitest';
import { earlyStoppingDefaults } from '../../src/model/training-rules.ts';
import { afterEpoch, nothingSeen, type StoppingState } from '../../src/tensorflow/early-stopping.ts';
import { readTrainingReference } from './keras-training.ts';

const { stopping } = readTrainingReference();

function watch(setting: Partial<typeof earlyStoppingDefaults>, losses: readonly number[]) {
  let state: StoppingState = nothingSeen;
  let last = 0;
  for (const validationLoss of losses) {
    last++;
    const epoch = last;
    const scores = { epoch, loss: 0, accuracy: 0, validationLoss, validationAccuracy: -validationLoss };
    const after = afterEpoch({ ...earlyStoppingDefaults, ...setting }, state, scores, () => [Float32Array.of(epoch)]);
    state = after.state;
    if (after.stop) return { last, stopped: true, restored: state.weights?.[0]?.[0] };
  }
  return { last, stopped: false, restored: state.weights?.[0]?.[0] };
}

describe('early stopping', () => {
  it.each(stopping.map((one) => [JSON.stringify(one.setting), one] as const))(
    'stops and restores where Keras does: %s',
    (_, { setting, losses, last, stopped, restored }) => {
      expect(watch(setting, losses)).toEqual({ last, stopped, restored });
    },
  );

  it('watches accuracies upwards', () => {
    const losses = stopping[0]?.losses ?? [];
    expect(watch({ monitor: 'validationAccuracy', patience: 2 }, losses)).toEqual(watch({ patience: 2 }, losses));
  });

  it('never takes a score that is not a number for the best', () => {
    expect(watch({ patience: 2 }, [0.5, Number.NaN, Number.NaN, 0.1])).toEqual({ last: 3, stopped: true, restored: 1 });
  });
});
