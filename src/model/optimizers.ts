/**
 * The optimizers with the constants that Keras 3 uses by default (keras.optimizers, version 3). Epsilon is Keras's
 * 1e-7 where it has one.
 */
export const optimizerDefaults = {
  adam: { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
  adamw: { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0.004 },
  sgd: { learningRate: 0.01, momentum: 0, nesterov: false },
  rmsprop: { learningRate: 0.001, rho: 0.9, momentum: 0, epsilon: 1e-7, centered: false },
  adagrad: { learningRate: 0.001, initialAccumulatorValue: 0.1, epsilon: 1e-7 },
  adadelta: { learningRate: 0.001, rho: 0.95, epsilon: 1e-7 },
  adamax: { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
  nadam: { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
  lion: { learningRate: 0.001, beta1: 0.9, beta2: 0.99 },
  ftrl: { learningRate: 0.001, learningRatePower: -0.5, initialAccumulatorValue: 0.1, l1: 0, l2: 0, beta: 0 },
} as const;

export type OptimizerName = keyof typeof optimizerDefaults;

/** Constants that every optimizer takes, as in Keras 3; each is off when it is not given, or null. */
export interface CommonConstants {
  /** Before each step the weights shrink by this times the learning rate (Loshchilov and Hutter, 2019). */
  readonly weightDecay?: number;
  /** Largest norm of the gradient of one weight. */
  readonly clipNorm?: number;
  /** Largest absolute value in a gradient. */
  readonly clipValue?: number;
  /** Largest norm of all gradients together (Pascanu et al., 2013). */
  readonly globalClipNorm?: number;
}

export const commonConstants = ['weightDecay', 'clipNorm', 'clipValue', 'globalClipNorm'] as const;

/** An optimizer with all its constants. */
export type OptimizerSetting = {
  readonly [Name in OptimizerName]: { readonly name: Name } & CommonConstants & {
      readonly [Key in keyof (typeof optimizerDefaults)[Name]]: (typeof optimizerDefaults)[Name][Key] extends boolean
        ? boolean
        : number;
    };
}[OptimizerName];

export function isOptimizer(name: string): name is OptimizerName {
  return Object.hasOwn(optimizerDefaults, name);
}
