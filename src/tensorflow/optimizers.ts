import type { Tensor } from '@tensorflow/tfjs-core';
import type { OptimizerSetting } from '../model/optimizers.ts';
import type { Tf } from './runtime.ts';

/** New values of a weight and of what the optimizer remembers of it. */
export interface Update {
  readonly weight: Tensor;
  readonly slots: readonly Tensor[];
}

/** An optimizer's rule for one weight. Formulas and constants are those of Keras 3 (keras.optimizers). */
export interface UpdateRule {
  /** First value of each slot. */
  readonly slots: readonly number[];
  /** One step; `step` counts from 1. */
  update(weight: Tensor, gradient: Tensor, slots: readonly Tensor[], step: number): Update;
}

/** The rule of an optimizer. Sources: the papers named at each rule, as Keras 3 implements them. */
export function updateRule(tf: Tf, setting: OptimizerSetting): UpdateRule {
  switch (setting.name) {
    case 'adam':
      return adam(tf, setting, 0);
    case 'adamw':
      return adam(tf, setting, setting.weightDecay);
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
    case 'ftrl':
      return ftrl(tf, setting);
  }
}

type Setting<Name extends OptimizerSetting['name']> = Extract<OptimizerSetting, { name: Name }>;

/** Moves an average towards a value: average + (value - average) * share. */
function towards(tf: Tf, average: Tensor, value: Tensor, share: number): Tensor {
  return tf.add(average, tf.mul(tf.sub(value, average), share));
}

/** Kingma and Ba (2015); with decoupled weight decay Loshchilov and Hutter (2019). */
function adam(
  tf: Tf,
  { learningRate, beta1, beta2, epsilon }: Setting<'adam'> | Setting<'adamw'>,
  weightDecay: number,
): UpdateRule {
  return {
    slots: [0, 0],
    update: (weight, gradient, [momentum, velocity], step) => {
      const rate = (learningRate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step);
      const first = towards(tf, momentum as Tensor, gradient, 1 - beta1);
      const second = towards(tf, velocity as Tensor, tf.square(gradient), 1 - beta2);
      const decayed = weightDecay === 0 ? weight : tf.sub(weight, tf.mul(weight, weightDecay * learningRate));
      return {
        weight: tf.sub(decayed, tf.div(tf.mul(first, rate), tf.add(tf.sqrt(second), epsilon))),
        slots: [first, second],
      };
    },
  };
}

/** Gradient descent, with momentum (Polyak, 1964) or Nesterov's (Sutskever et al., 2013). */
function sgd(tf: Tf, { learningRate, momentum, nesterov }: Setting<'sgd'>): UpdateRule {
  if (momentum === 0) {
    return {
      slots: [],
      update: (weight, gradient) => ({ weight: tf.sub(weight, tf.mul(gradient, learningRate)), slots: [] }),
    };
  }
  return {
    slots: [0],
    update: (weight, gradient, [velocity]) => {
      const step = tf.mul(gradient, learningRate);
      const moved = tf.sub(tf.mul(velocity as Tensor, momentum), step);
      const change = nesterov ? tf.sub(tf.mul(moved, momentum), step) : moved;
      return { weight: tf.add(weight, change), slots: [moved] };
    },
  };
}

/** Tieleman and Hinton (2012); centered: Graves (2013). */
function rmsprop(tf: Tf, { learningRate, rho, momentum, epsilon, centered }: Setting<'rmsprop'>): UpdateRule {
  return {
    slots: [0, 0, 0],
    update: (weight, gradient, [velocity, velocityMean, velocityMomentum]) => {
      const squares = tf.add(tf.mul(velocity as Tensor, rho), tf.mul(tf.square(gradient), 1 - rho));
      const mean = centered
        ? tf.add(tf.mul(velocityMean as Tensor, rho), tf.mul(gradient, 1 - rho))
        : (velocityMean as Tensor);
      const spread = tf.add(centered ? tf.sub(squares, tf.square(mean)) : squares, epsilon);
      const step = tf.div(tf.mul(gradient, learningRate), tf.sqrt(spread));
      const moved =
        momentum > 0 ? tf.add(tf.mul(velocityMomentum as Tensor, momentum), step) : (velocityMomentum as Tensor);
      return { weight: tf.sub(weight, momentum > 0 ? moved : step), slots: [squares, mean, moved] };
    },
  };
}

/** Duchi, Hazan and Singer (2011). */
function adagrad(tf: Tf, { learningRate, initialAccumulatorValue, epsilon }: Setting<'adagrad'>): UpdateRule {
  return {
    slots: [initialAccumulatorValue],
    update: (weight, gradient, [accumulator]) => {
      const sum = tf.add(accumulator as Tensor, tf.square(gradient));
      return {
        weight: tf.sub(weight, tf.div(tf.mul(gradient, learningRate), tf.sqrt(tf.add(sum, epsilon)))),
        slots: [sum],
      };
    },
  };
}

/** Zeiler (2012). */
function adadelta(tf: Tf, { learningRate, rho, epsilon }: Setting<'adadelta'>): UpdateRule {
  const blend = (average: Tensor, value: Tensor): Tensor =>
    tf.add(tf.mul(average, rho), tf.mul(tf.square(value), 1 - rho));
  const root = (value: Tensor): Tensor => tf.sqrt(tf.add(value, epsilon));
  return {
    slots: [0, 0],
    update: (weight, gradient, [squares, changes]) => {
      const sum = blend(squares as Tensor, gradient);
      const change = tf.neg(tf.div(tf.mul(root(changes as Tensor), gradient), root(sum)));
      return { weight: tf.add(weight, tf.mul(change, learningRate)), slots: [sum, blend(changes as Tensor, change)] };
    },
  };
}

/** Kingma and Ba (2015), section 7.1. */
function adamax(tf: Tf, { learningRate, beta1, beta2, epsilon }: Setting<'adamax'>): UpdateRule {
  return {
    slots: [0, 0],
    update: (weight, gradient, [momentum, norm], step) => {
      const first = towards(tf, momentum as Tensor, gradient, 1 - beta1);
      const largest = tf.maximum(tf.mul(norm as Tensor, beta2), tf.abs(gradient));
      const change = tf.div(tf.mul(first, learningRate / (1 - beta1 ** step)), tf.add(largest, epsilon));
      return { weight: tf.sub(weight, change), slots: [first, largest] };
    },
  };
}

/** Dozat (2016), with Keras's momentum schedule (decay 0.96). */
function nadam(tf: Tf, { learningRate, beta1, beta2, epsilon }: Setting<'nadam'>): UpdateRule {
  const schedule = (step: number): number => beta1 * (1 - 0.5 * 0.96 ** step);
  const products = [1];
  const product = (step: number): number => {
    for (let next = products.length; next <= step; next++)
      products.push((products[next - 1] as number) * schedule(next));
    return products[step] as number;
  };
  return {
    slots: [0, 0],
    update: (weight, gradient, [momentum, velocity], step) => {
      const first = towards(tf, momentum as Tensor, gradient, 1 - beta1);
      const second = towards(tf, velocity as Tensor, tf.square(gradient), 1 - beta2);
      const ahead = tf.mul(first, schedule(step + 1) / (1 - product(step + 1)));
      const direction = tf.add(ahead, tf.mul(gradient, (1 - schedule(step)) / (1 - product(step))));
      const spread = tf.add(tf.sqrt(tf.div(second, 1 - beta2 ** step)), epsilon);
      return { weight: tf.sub(weight, tf.div(tf.mul(direction, learningRate), spread)), slots: [first, second] };
    },
  };
}

/** McMahan et al. (2013). */
function ftrl(
  tf: Tf,
  { learningRate, learningRatePower, initialAccumulatorValue, l1, l2, beta }: Setting<'ftrl'>,
): UpdateRule {
  const adjusted = l2 + beta / (2 * learningRate);
  return {
    slots: [initialAccumulatorValue, 0],
    update: (weight, gradient, [accumulator, linear]) => {
      const sum = tf.add(accumulator as Tensor, tf.square(gradient));
      const power = tf.pow(sum, -learningRatePower);
      const sigma = tf.div(tf.sub(power, tf.pow(accumulator as Tensor, -learningRatePower)), learningRate);
      const line = tf.add(linear as Tensor, tf.sub(gradient, tf.mul(sigma, weight)));
      const quadratic = tf.add(tf.div(power, learningRate), 2 * adjusted);
      return { weight: tf.div(tf.sub(tf.clipByValue(line, -l1, l1), line), quadratic), slots: [sum, line] };
    },
  };
}
