import type { LayerRules } from './layers.ts';
import type { ValueKind, ValueRule } from './value-kind.ts';

/** A learning rate that changes with the step, by Keras's names (keras.optimizers.schedules). */
export type Schedule =
  | {
      readonly name: 'exponentialDecay' | 'inverseTimeDecay';
      readonly initialLearningRate: number;
      readonly decaySteps?: number;
      readonly decayRate: number;
      readonly staircase?: boolean;
    }
  | {
      readonly name: 'polynomialDecay';
      readonly initialLearningRate: number;
      readonly decaySteps?: number;
      readonly endLearningRate?: number;
      readonly power?: number;
      readonly cycle?: boolean;
    }
  | {
      readonly name: 'cosineDecay';
      readonly initialLearningRate: number;
      readonly decaySteps?: number;
      readonly alpha?: number;
      readonly warmupTarget?: number;
      readonly warmupSteps?: number;
    }
  | {
      readonly name: 'cosineDecayRestarts';
      readonly initialLearningRate: number;
      readonly firstDecaySteps: number;
      readonly tMul?: number;
      readonly mMul?: number;
      readonly alpha?: number;
    }
  | {
      readonly name: 'piecewiseConstantDecay';
      readonly boundaries: readonly number[];
      readonly values: readonly number[];
    };

const rate: ValueKind = { type: 'number', minimum: 0, exclusive: 'minimum' };
const positive: ValueKind = { type: 'number', minimum: 0, exclusive: 'minimum' };
const share: ValueKind = { type: 'number', minimum: 0, maximum: 1 };
const steps: ValueKind = { type: 'count' };

const optional = (kind: ValueKind, description: string): ValueRule => ({ kind, description });
const required = (kind: ValueKind, description: string): ValueRule => ({ kind, description, required: true });

const initialLearningRate = required(rate, 'Learning rate of the first step.');
const decaySteps = optional(steps, 'Steps that it decays over; all steps of the fit by default.');
const staircase = optional({ type: 'boolean' }, 'Decay in jumps, false by default.');
const alpha = optional(share, 'Least learning rate, as a share of the first, 0 by default.');

/** The constants of each schedule. */
export const scheduleRules: Readonly<Record<Schedule['name'], LayerRules>> = {
  exponentialDecay: {
    initialLearningRate,
    decaySteps,
    decayRate: required(positive, 'Factor after decaySteps.'),
    staircase,
  },
  inverseTimeDecay: {
    initialLearningRate,
    decaySteps,
    decayRate: required(positive, 'How much the divisor grows in decaySteps.'),
    staircase,
  },
  polynomialDecay: {
    initialLearningRate,
    decaySteps,
    endLearningRate: optional({ type: 'number', minimum: 0 }, 'Learning rate after decaySteps, 0.0001 by default.'),
    power: optional(positive, 'Power of the polynomial, 1 by default.'),
    cycle: optional({ type: 'boolean' }, 'Begin anew, over longer, after decaySteps; false by default.'),
  },
  cosineDecay: {
    initialLearningRate: required({ type: 'number', minimum: 0 }, 'Learning rate of the first step; 0 with a warm-up.'),
    decaySteps,
    alpha,
    warmupTarget: optional(rate, 'Learning rate that a warm-up rises to.'),
    warmupSteps: optional({ type: 'count', zero: true }, 'Steps of the warm-up to warmupTarget, 0 by default.'),
  },
  cosineDecayRestarts: {
    initialLearningRate,
    firstDecaySteps: required(steps, 'Steps of the first decay.'),
    // Below 1 restarts come ever faster, all within a limited number of steps; after those Keras gives NaN.
    tMul: optional({ type: 'number', minimum: 1 }, 'How much longer each decay is than the one before, 2 by default.'),
    mMul: optional(positive, 'Where each decay begins, as a share of the one before, 1 by default.'),
    alpha,
  },
  piecewiseConstantDecay: {
    boundaries: required({ type: 'counts' }, 'Last steps of all pieces but the last one.'),
    values: required({ type: 'numbers' }, 'Learning rates of the pieces, one more than boundaries.'),
  },
};

export function isSchedule(name: string): name is Schedule['name'] {
  return Object.hasOwn(scheduleRules, name);
}

/**
 * Learning rate of a step, which counts from 0, as keras.optimizers.schedules computes it. `totalSteps` is what decays
 * take as their length where none is given.
 */
export function learningRateAt(schedule: Schedule, step: number, totalSteps: number): number {
  switch (schedule.name) {
    case 'exponentialDecay': {
      const { initialLearningRate: first, decaySteps: length = totalSteps, decayRate, staircase: jumps } = schedule;
      const exponent = jumps === true ? Math.floor(step / length) : step / length;
      return first * decayRate ** exponent;
    }
    case 'inverseTimeDecay': {
      const { initialLearningRate: first, decaySteps: length = totalSteps, decayRate, staircase: jumps } = schedule;
      const progress = jumps === true ? Math.floor(step / length) : step / length;
      return first / (1 + decayRate * progress);
    }
    case 'polynomialDecay': {
      const { initialLearningRate: first, endLearningRate: end = 0.0001, power = 1, cycle = false } = schedule;
      const once = schedule.decaySteps ?? totalSteps;
      const length = cycle ? once * Math.max(1, Math.ceil(step / once)) : once;
      return (first - end) * (1 - Math.min(step, length) / length) ** power + end;
    }
    case 'cosineDecay':
      return cosineDecay(schedule, step, schedule.decaySteps ?? Math.max(1, totalSteps - (schedule.warmupSteps ?? 0)));
    case 'cosineDecayRestarts':
      return cosineDecayRestarts(schedule, step);
    case 'piecewiseConstantDecay': {
      const piece = schedule.boundaries.findIndex((boundary) => step <= boundary);
      return schedule.values[piece < 0 ? schedule.values.length - 1 : piece] as number;
    }
  }
}

/** Loshchilov and Hutter (2017), with a linear warm-up. */
function cosineDecay(schedule: Extract<Schedule, { name: 'cosineDecay' }>, step: number, length: number): number {
  const { initialLearningRate: first, alpha: least = 0, warmupTarget, warmupSteps = 0 } = schedule;
  const decayed = (from: number, progress: number): number =>
    from * ((1 - least) * 0.5 * (1 + Math.cos(Math.PI * progress)) + least);
  if (warmupTarget === undefined) return decayed(first, Math.min(step, length) / length);
  if (step < warmupSteps) return first + ((warmupTarget - first) * step) / warmupSteps;
  return decayed(warmupTarget, Math.min(step - warmupSteps, length) / length);
}

/** Loshchilov and Hutter (2017): warm restarts. */
function cosineDecayRestarts(schedule: Extract<Schedule, { name: 'cosineDecayRestarts' }>, step: number): number {
  const { initialLearningRate: first, firstDecaySteps, tMul = 2, mMul = 1, alpha: least = 0 } = schedule;
  const decays = step / firstDecaySteps;
  const restarts = tMul === 1 ? Math.floor(decays) : Math.floor(Math.log(1 - decays * (1 - tMul)) / Math.log(tMul));
  const begun = tMul === 1 ? restarts : (1 - tMul ** restarts) / (1 - tMul);
  const progress = (decays - begun) / tMul ** restarts;
  const from = mMul ** restarts;
  return first * ((1 - least) * 0.5 * from * (1 + Math.cos(Math.PI * progress)) + least);
}
