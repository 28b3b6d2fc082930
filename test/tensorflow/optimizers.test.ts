import type { Tensor } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { isOptimizer, type OptimizerSetting, optimizerDefaults } from '../../src/model/optimizers.ts';
import { clipGradients } from '../../src/tensorflow/clip-gradients.ts';
import { updateRule } from '../../src/tensorflow/optimizers.ts';
import type { TensorFlow } from '../../src/tensorflow/runtime.ts';
import { describeOnBackends } from './backends.ts';
import { type OptimizerCase, readReference } from './keras-reference.ts';
import { readTrainingReference } from './keras-training.ts';

const optimizers = [...readReference().optimizers, ...readTrainingReference().optimizers];

function settingOf({ optimizer }: OptimizerCase): OptimizerSetting {
  if (!isOptimizer(optimizer.name)) throw new Error(`the reference has an unknown optimizer ${optimizer.name}`);
  return { ...optimizerDefaults[optimizer.name], ...optimizer } as OptimizerSetting;
}

function title({ optimizer: { name, ...constants } }: OptimizerCase): string {
  const shown = Object.entries(constants).map(([key, value]) => `${key} ${value}`);
  return shown.length === 0 ? `${name} with Keras's defaults` : `${name} with ${shown.join(', ')}`;
}

/** The weight after each step. */
function steps({ tf }: TensorFlow, reference: OptimizerCase): Float32Array[] {
  return tf.tidy(() => {
    const shape = [...reference.shape];
    const setting = settingOf(reference);
    const rule = updateRule(tf, setting);
    let weight = tf.tensor([...reference.first], shape, 'float32');
    let slots = rule.slots.map((first) => tf.fill(shape, first));
    return reference.gradients.map((values, index) => {
      const [gradient] = clipGradients(tf, [tf.tensor([...values], shape, 'float32')], setting);
      const update = rule.update(weight, gradient as Tensor, slots, rule.scalars(index + 1, setting.learningRate));
      weight = update.weight;
      slots = [...update.slots];
      return weight.dataSync() as Float32Array;
    });
  });
}

await describeOnBackends('optimizers', (tensorflow) => {
  it.each(optimizers.map((reference) => [title(reference), reference] as const))(
    "moves a weight as Keras's %s does",
    (_, reference) => {
      for (const [index, weight] of steps(tensorflow(), reference).entries()) {
        for (const [position, wanted] of (reference.weights[index] ?? []).entries()) {
          // Five steps of rounding in 32 bits.
          expect(Math.abs((weight[position] ?? Number.NaN) - wanted)).toBeLessThan(
            4e-6 * Math.max(1, Math.abs(wanted)),
          );
        }
      }
    },
  );

  // Weight decay moves weights by itself; FTRL makes a weight anew of all its gradients.
  const still = optimizers.filter(
    ({ optimizer }) => !['adamw', 'ftrl'].includes(optimizer.name) && optimizer['weightDecay'] === undefined,
  );
  it.each(still.map((reference) => [title(reference), reference] as const))(
    'leaves a weight without a gradient where it is: %s',
    (_, reference) => {
      const [weight] = steps(tensorflow(), { ...reference, gradients: [reference.first.map(() => 0)] });
      expect(Array.from(weight ?? [])).toEqual(reference.first.map(Math.fround));
    },
  );
});
