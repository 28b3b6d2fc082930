import { describe, expect, it } from 'vitest';
import { learningRateAt } from '../../src/model/schedules.ts';
import { readTrainingReference } from '../tensorflow/keras-training.ts';

const { schedules } = readTrainingReference();

describe('learning-rate schedules', () => {
  it.each(schedules.map((one) => [JSON.stringify(one.schedule), one] as const))("are Keras's: %s", (_, one) => {
    one.steps.forEach((step, index) => {
      expect(Math.abs(learningRateAt(one.schedule, step, 1) - (one.rates[index] as number))).toBeLessThan(1e-7);
    });
  });

  it('decay over all steps of the fit where no length is given', () => {
    const schedule = { name: 'cosineDecay', initialLearningRate: 0.1 } as const;
    expect(learningRateAt(schedule, 0, 50)).toBeCloseTo(0.1, 10);
    expect(learningRateAt(schedule, 25, 50)).toBeCloseTo(0.05, 10);
    expect(learningRateAt(schedule, 50, 50)).toBeCloseTo(0, 10);
    const warmed = { name: 'cosineDecay', initialLearningRate: 0, warmupTarget: 0.1, warmupSteps: 10 } as const;
    expect(learningRateAt(warmed, 5, 50)).toBeCloseTo(0.05, 10);
    expect(learningRateAt(warmed, 50, 50)).toBeCloseTo(0, 10);
  });
});
