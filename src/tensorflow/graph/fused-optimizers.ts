import type { OptimizerSetting } from '../../model/optimizers.ts';
import { power } from '../optimizers.ts';
import type { NodeAttribute } from './graph-definition.ts';

/** What a fused kernel takes at one place: a variable's handle, the gradient, a number of the step or a constant. */
export type KernelInput = 'weight' | 'gradient' | { readonly slot: number } | { readonly scalar: number } | number;

/** A TensorFlow kernel that updates a weight and its slots in place, in one pass over the memory. */
export interface FusedOptimizer {
  readonly kernel: string;
  readonly inputs: readonly KernelInput[];
  readonly attributes: Readonly<Record<string, NodeAttribute>>;
  /** First value of each slot. */
  readonly slots: readonly number[];
  /** The numbers of a step, which counts from 1. */
  scalars(step: number, learningRate: number): number[];
}

const off: NodeAttribute = { type: 'bool', value: false };

/**
 * The kernel whose formula is Keras's; undefined where TensorFlow has none (Nadam, Lion) or another formula (its Adagrad
 * adds epsilon outside the root). Constants go as numbers of the step, so that one graph serves all their values.
 */
export function fusedOptimizer(setting: OptimizerSetting): FusedOptimizer | undefined {
  const rateOnly = (_: number, learningRate: number): number[] => [learningRate];
  switch (setting.name) {
    case 'adam':
    case 'adamw': {
      const { beta1, beta2, epsilon } = setting;
      return {
        kernel: 'ResourceApplyAdam',
        inputs: [
          'weight',
          { slot: 0 },
          { slot: 1 },
          { scalar: 1 },
          { scalar: 2 },
          { scalar: 0 },
          beta1,
          beta2,
          epsilon,
          'gradient',
        ],
        attributes: { use_nesterov: off },
        slots: [0, 0],
        scalars: (step, learningRate) => [learningRate, power(beta1, step), power(beta2, step)],
      };
    }
    case 'sgd':
      if (setting.momentum === 0)
        return {
          kernel: 'ResourceApplyGradientDescent',
          inputs: ['weight', { scalar: 0 }, 'gradient'],
          attributes: {},
          slots: [],
          scalars: rateOnly,
        };
      return {
        kernel: 'ResourceApplyKerasMomentum',
        inputs: ['weight', { slot: 0 }, { scalar: 0 }, 'gradient', setting.momentum],
        attributes: { use_nesterov: { type: 'bool', value: setting.nesterov } },
        slots: [0],
        scalars: rateOnly,
      };
    case 'rmsprop': {
      const constants = [{ scalar: 0 }, setting.rho, setting.momentum, setting.epsilon] as const;
      // Slots in the order of the formulas: squares, mean, momentum.
      const slots = setting.centered ? [{ slot: 1 }, { slot: 0 }, { slot: 2 }] : [{ slot: 0 }, { slot: 2 }];
      return {
        kernel: setting.centered ? 'ResourceApplyCenteredRMSProp' : 'ResourceApplyRMSProp',
        inputs: ['weight', ...slots, ...constants, 'gradient'],
        attributes: {},
        slots: [0, 0, 0],
        scalars: rateOnly,
      };
    }
    case 'adadelta':
      return {
        kernel: 'ResourceApplyAdadelta',
        inputs: ['weight', { slot: 0 }, { slot: 1 }, { scalar: 0 }, setting.rho, setting.epsilon, 'gradient'],
        attributes: {},
        slots: [0, 0],
        scalars: rateOnly,
      };
    case 'adamax': {
      const { beta1, beta2, epsilon } = setting;
      return {
        kernel: 'ResourceApplyAdaMax',
        inputs: ['weight', { slot: 0 }, { slot: 1 }, { scalar: 1 }, { scalar: 0 }, beta1, beta2, epsilon, 'gradient'],
        attributes: {},
        slots: [0, 0],
        scalars: (step, learningRate) => [learningRate, power(beta1, step)],
      };
    }
    case 'ftrl': {
      const { learningRatePower, initialAccumulatorValue, l1, l2, beta } = setting;
      return {
        kernel: 'ResourceApplyFtrlV2',
        inputs: [
          'weight',
          { slot: 0 },
          { slot: 1 },
          'gradient',
          { scalar: 0 },
          l1,
          { scalar: 1 },
          0,
          learningRatePower,
        ],
        attributes: { multiply_linear_by_lr: off },
        slots: [initialAccumulatorValue, 0],
        scalars: (_, learningRate) => [learningRate, l2 + beta / (2 * learningRate)],
      };
    }
    default:
      return undefined;
  }
}
