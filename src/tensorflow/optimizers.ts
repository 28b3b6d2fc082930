import type { Tensor } from '@tensorflow/tfjs-core';
import type { OptimizerSetting } from '../model/optimizers.ts';
import type { Tf } from './runtime.ts';

/** New values of a weight and of what the optimizer remembers of it. */
export interface Update {
  readonly weight: Tensor;
  readonly slots: readonly Tensor[];
}

/** A number that may change from step to step: as it is, or as a scalar on the device. */
export type StepScalar = number | Tensor;

/** An optimizer's rule for one weight. Formulas and constants are those of Keras 3 (keras.optimizers). */
export interface UpdateRule {
  /** First value of each slot. */
  readonly slots: readonly number[];
  /** What of the rule changes from step to step; `step` counts from 1. */
  scalars(step: number, learningRate: number): number[];
  /** One step with the scalars of that step. */
  update(weight: Tensor, gradient: Tensor, slots: readonly Tensor[], scalars: readonly StepScalar[]): Update;
}

/** The rule of an optimizer. Sources: the papers named at each rule, as Keras 3 implements them. */
export function updateRule(tf: Tf, setting: OptimizerSetting): UpdateRule {
  const rule = plainRule(tf, setting);
  const { weightDecay = 0 } = setting;
  if (weightDecay === 0) return rule;
  return {
    slots: rule.slots,
    scalars: (step, learningRate) => [...rule.scalars(step, learningRate), weightDecay * learningRate],
    update: (weight, gradient, slots, scalars) => {
      const decayed = tf.sub(weight, tf.mul(weight, scalars.at(-1) ?? 0));
      return rule.update(decayed, gradient, slots, scalars.slice(0, -1));
    },
  };
}

function plainRule(tf: Tf, setting: OptimizerSetting): UpdateRule {
  switch (setting.name) {
    case 'adam':
    case 'adamw':
      return adam(tf, setting);
    case 'sgd':
      return sgd(tf, setting);
    case 'rmsprop':
      return rmsprop(tf, setting);
    case 'adagrad':
      return adagrad(tf, setting);
    case 'adadelta':
      return adadelta(tf, setting);
    case 'adamax':
      return adamax(tf, setting);
    case 'nadam':
      return nadam(tf, setting);
    case 'lion':
      return lion(tf, setting);
    case 'ftrl':
      return ftrl(tf, setting);
  }
}

type Setting<Name extends OptimizerSetting['name']> = Extract<OptimizerSetting, { name: Name }>;

/**
 * A power of a constant as Keras has it, in 32 bits. 1 minus such a power is small in the first steps: with more digits
 * than Keras, the first learning rates would differ from its by a hundred thousandth.
 */
export function power(base: number, step: number): number {
  return Math.fround(Math.fround(base) ** step);
}

/** How much of an average is not its first value, after some steps. */
function correction(base: number, step: number): number {
  return Math.fround(1 - power(base, step));
}

/** Moves an average towards a value: average + (value - average) * share. */
function towards(tf: Tf, average: Tensor, value: Tensor, share: number): Tensor {
  return tf.add(average, tf.mul(tf.sub(value, average), share));
}

/** Kingma and Ba (2015). */
function adam(tf: Tf, { beta1, beta2, epsilon }: Setting<'adam'> | Setting<'adamw'>): UpdateRule {
  return {
    slots: [0, 0],
    scalars: (step, learningRate) => [(learningRate * Math.sqrt(correction(beta2, step))) / correction(beta1, step)],
    update: (weight, gradient, [momentum, velocity], [rate = 0]) => {
      const first = towards(tf, momentum as Tensor, gradient, 1 - beta1);
      const second = towards(tf, velocity as Tensor, tf.square(gradient), 1 - beta2);
      return {
        weight: tf.sub(weight, tf.div(tf.mul(first, rate), tf.add(tf.sqrt(second), epsilon))),
        slots: [first, second],
      };
    },
  };
}

/** Gradient descent, with momentum (Polyak, 1964) or Nesterov's (Sutskever et al., 2013). */
function sgd(tf: Tf, { momentum, nesterov }: Setting<'sgd'>): UpdateRule {
  const scalars = (_: number, learningRate: number): number[] => [learningRate];
  if (momentum === 0) {
    return {
      slots: [],
      scalars,
      update: (weight, gradient, _, [rate = 0]) => ({ weight: tf.sub(weight, tf.mul(gradient, rate)), slots: [] }),
    };
  }
  return {
    slots: [0],
    scalars,
    update: (weight, gradient, [velocity], [rate = 0]) => {
      const step = tf.mul(gradient, rate);
      const moved = tf.sub(tf.mul(velocity as Tensor, momentum), step);
      const change = nesterov ? tf.sub(tf.mul(moved, momentum), step) : moved;
      return { weight: tf.add(weight, change), slots: [moved] };
    },
  };
}

/** Tieleman and Hinton (2012); centered: Graves (2013). */
function rmsprop(tf: Tf, { rho, momentum, epsilon, centered }: Setting<'rmsprop'>): UpdateRule {
  return {
    slots: [0, 0, 0],
    scalars: (_, learningRate) => [learningRate],
    update: (weight, gradient, [velocity, velocityMean, velocityMomentum], [rate = 0]) => {
      const squares = tf.add(tf.mul(velocity as Tensor, rho), tf.mul(tf.square(gradient), 1 - rho));
      const mean = centered
        ? tf.add(tf.mul(velocityMean as Tensor, rho), tf.mul(gradient, 1 - rho))
        : (velocityMean as Tensor);
      const spread = tf.add(centered ? tf.sub(squares, tf.square(mean)) : squares, epsilon);
      const step = tf.div(tf.mul(gradient, rate), tf.sqrt(spread));
      const moved =
        momentum > 0 ? tf.add(tf.mul(velocityMomentum as Tensor, momentum), step) : (velocityMomentum as Tensor);
      return { weight: tf.sub(weight, momentum > 0 ? moved : step), slots: [squares, mean, moved] };
    },
  };
}

/** Duchi, Hazan and Singer (2011). */
function adagrad(tf: Tf, { initialAccumulatorValue, epsilon }: Setting<'adagrad'>): UpdateRule {
  return {
    slots: [initialAccumulatorValue],
    scalars: (_, learningRate) => [learningRate],
    update: (weight, gradient, [accumulator], [rate = 0]) => {
      const sum = tf.add(accumulator as Tensor, tf.square(gradient));
      return {
        weight: tf.sub(weight, tf.div(tf.mul(gradient, rate), tf.sqrt(tf.add(sum, epsilon)))),
        slots: [sum],
      };
    },
  };
}

/** Zeiler (2012). */
function adadelta(tf: Tf, { rho, epsilon }: Setting<'adadelta'>): UpdateRule {
  const blend = (average: Tensor, value: Tensor): Tensor =>
    tf.add(tf.mul(average, rho), tf.mul(tf.square(value), 1 - rho));
  const root = (value: Tensor): Tensor => tf.sqrt(tf.add(value, epsilon));
  return {
    slots: [0, 0],
    scalars: (_, learningRate) => [learningRate],
    update: (weight, gradient, [squares, changes], [rate = 0]) => {
      const sum = blend(squares as Tensor, gradient);
      const change = tf.neg(tf.div(tf.mul(root(changes as Tensor), gradient), root(sum)));
      return { weight: tf.add(weight, tf.mul(change, rate)), slots: [sum, blend(changes as Tensor, change)] };
    },
  };
}

/** Kingma and Ba (2015), section 7.1. */
function adamax(tf: Tf, { beta1, beta2, epsilon }: Setting<'adamax'>): UpdateRule {
  return {
    slots: [0, 0],
    scalars: (step, learningRate) => [learningRate / correction(beta1, step)],
    update: (weight, gradient, [momentum, norm], [rate = 0]) => {
      const first = towards(tf, momentum as Tensor, gradient, 1 - beta1);
      const largest = tf.maximum(tf.mul(norm as Tensor, beta2), tf.abs(gradient));
      const change = tf.div(tf.mul(first, rate), tf.add(largest, epsilon));
      return { weight: tf.sub(weight, change), slots: [first, largest] };
    },
  };
}

/** Dozat (2016), with Keras's momentum schedule (decay 0.96). */
function nadam(tf: Tf, { beta1, beta2, epsilon }: Setting<'nadam'>): UpdateRule {
  const schedule = (step: number): number => beta1 * (1 - 0.5 * 0.96 ** step);
  const products = [1];
  const product = (step: number): number => {
    for (let next = products.length; next <= step; next++)
      products.push((products[next - 1] as number) * schedule(next));
    return products[step] as number;
  };
  return {
    slots: [0, 0],
    scalars: (step, learningRate) => [
      schedule(step + 1) / (1 - product(step + 1)),
      (1 - schedule(step)) / (1 - product(step)),
      1 - beta2 ** step,
      learningRate,
    ],
    update: (weight, gradient, [momentum, velocity], [ahead = 0, now = 0, correction = 1, rate = 0]) => {
      const first = towards(tf, momentum as Tensor, gradient, 1 - beta1);
      const second = towards(tf, velocity as Tensor, tf.square(gradient), 1 - beta2);
      const direction = tf.add(tf.mul(first, ahead), tf.mul(gradient, now));
      const spread = tf.add(tf.sqrt(tf.div(second, correction)), epsilon);
      return { weight: tf.sub(weight, tf.div(tf.mul(direction, rate), spread)), slots: [first, second] };
    },
  };
}

/** Chen et al. (2023): the sign of a momentum decides, every weight moves equally far. */
function lion(tf: Tf, { beta1, beta2 }: Setting<'lion'>): UpdateRule {
  return {
    slots: [0],
    scalars: (_, learningRate) => [learningRate],
    update: (weight, gradient, [momentum], [rate = 0]) => {
      const blend = (share: number): Tensor => tf.add(tf.mul(momentum as Tensor, share), tf.mul(gradient, 1 - share));
      return { weight: tf.sub(weight, tf.mul(tf.sign(blend(beta1)), rate)), slots: [blend(beta2)] };
    },
  };
}

/** McMahan et al. (2013). */
function ftrl(tf: Tf, { learningRatePower, initialAccumulatorValue, l1, l2, beta }: Setting<'ftrl'>): UpdateRule {
  return {
    slots: [initialAccumulatorValue, 0],
    scalars: (_, learningRate) => [learningRate, 2 * (l2 + beta / (2 * learningRate))],
    update: (weight, gradient, [accumulator, linear], [rate = 0, pull = 0]) => {
      const sum = tf.add(accumulator as Tensor, tf.square(gradient));
      const power = tf.pow(sum, -learningRatePower);
      const sigma = tf.div(tf.sub(power, tf.pow(accumulator as Tensor, -learningRatePower)), rate);
      const line = tf.add(linear as Tensor, tf.sub(gradient, tf.mul(sigma, weight)));
      const quadratic = tf.add(tf.div(power, rate), pull);
      return { weight: tf.div(tf.sub(tf.clipByValue(line, -l1, l1), line), quadratic), slots: [sum, line] };
    },
  };
}
