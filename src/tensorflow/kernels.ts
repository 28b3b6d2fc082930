import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { KernelAttribute, NativeKernels, TensorFlow } from './runtime.ts';

/*
 * Operations with TensorFlow's own kernels for value and gradient. tfjs makes gradients of many small operations (that
 * of relu is seven, with constants as large as its input) and products that TensorFlow cannot fuse with what follows.
 */

const float: KernelAttribute = { name: 'T', type: 'type', value: 'float32' };

const only = ([tensor]: readonly Tensor[]): Tensor => tensor as Tensor;

/** [rows, inputs] times [inputs, units], plus a bias [units]. */
export function product(tensorflow: TensorFlow, left: Tensor2D, right: Tensor2D, bias?: Tensor1D): Tensor2D {
  const { tf, native } = tensorflow;
  if (native === undefined) {
    const plain: Tensor2D = tf.matMul(left, right);
    return bias === undefined ? plain : tf.add<Tensor2D>(plain, bias);
  }
  const multiply = (a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor =>
    only(
      native.run(
        'MatMul',
        [
          float,
          { name: 'transpose_a', type: 'bool', value: transposeA },
          { name: 'transpose_b', type: 'bool', value: transposeB },
        ],
        [a, b],
        1,
      ),
    );
  const multiplied = tf.customGrad((...args) => {
    const [a, b, save] = args as unknown as [Tensor2D, Tensor2D, (tensors: Tensor[]) => void];
    save([a, b]);
    const gradFunc = (gradient: Tensor, [savedA, savedB]: Tensor[]): Tensor[] => [
      multiply(gradient, savedB as Tensor, false, true),
      multiply(savedA as Tensor, gradient, true, false),
    ];
    return { value: multiply(a, b, false, false), gradFunc };
  });
  const result = multiplied(left, right) as Tensor2D;
  return bias === undefined ? result : (addBias(tensorflow, native, result, bias) as Tensor2D);
}

/** A convolution of [batch, height, width, channels] plus a bias [filters]. */
export function convolution(
  tensorflow: TensorFlow,
  input: Tensor4D,
  kernel: Tensor4D,
  options: { readonly strides: [number, number]; readonly padding: 'valid' | 'same'; readonly bias?: Tensor1D },
): Tensor4D {
  const { tf } = tensorflow;
  const { strides, padding, bias } = options;
  const plain = tf.conv2d(input, kernel, strides, padding);
  if (bias === undefined) return plain;
  return shifted(tensorflow, plain, bias);
}

/** Adds a bias [channels] to each place of [batch, height, width, channels]. */
export function shifted(tensorflow: TensorFlow, input: Tensor4D, bias: Tensor1D): Tensor4D {
  const { tf, native } = tensorflow;
  return native === undefined ? tf.add(input, bias) : (addBias(tensorflow, native, input, bias) as Tensor4D);
}

function addBias({ tf }: TensorFlow, native: NativeKernels, input: Tensor, bias: Tensor1D): Tensor {
  const attributes: KernelAttribute[] = [float, { name: 'data_format', type: 'string', value: 'NHWC' }];
  const added = tf.customGrad((...args) => {
    const [x, b] = args as [Tensor, Tensor1D];
    const gradFunc = (gradient: Tensor): Tensor[] => [
      tf.clone(gradient),
      only(native.run('BiasAddGrad', attributes, [gradient], 1)),
    ];
    return { value: only(native.run('BiasAdd', attributes, [x, b], 1)), gradFunc };
  });
  return added(input, bias);
}

/** Functions of single values whose gradient is a kernel of its own, and what that kernel takes. */
const fusedFunctions = {
  relu: { kernel: 'Relu', gradient: 'ReluGrad', takes: 'gradient, output' },
  relu6: { kernel: 'Relu6', gradient: 'Relu6Grad', takes: 'gradient, output' },
  tanh: { kernel: 'Tanh', gradient: 'TanhGrad', takes: 'output, gradient' },
  sigmoid: { kernel: 'Sigmoid', gradient: 'SigmoidGrad', takes: 'output, gradient' },
  elu: { kernel: 'Elu', gradient: 'EluGrad', takes: 'gradient, output' },
  selu: { kernel: 'Selu', gradient: 'SeluGrad', takes: 'gradient, output' },
  softplus: { kernel: 'Softplus', gradient: 'SoftplusGrad', takes: 'gradient, input' },
  softsign: { kernel: 'Softsign', gradient: 'SoftsignGrad', takes: 'gradient, input' },
} as const;

export type FusedFunction = keyof typeof fusedFunctions;

/** A function of each value, by TensorFlow's kernel for it and for its gradient. */
export function fusedFunction(
  tensorflow: TensorFlow,
  native: NativeKernels,
  name: FusedFunction,
  input: Tensor,
): Tensor {
  const { kernel, gradient: gradientKernel, takes } = fusedFunctions[name];
  const applied = tensorflow.tf.customGrad((...args) => {
    const [x, save] = args as unknown as [Tensor, (tensors: Tensor[]) => void];
    const value = only(native.run(kernel, [float], [x], 1));
    save([takes === 'gradient, input' ? x : value]);
    const gradFunc = (gradient: Tensor, [saved]: Tensor[]): Tensor => {
      const inputs = takes === 'output, gradient' ? [saved, gradient] : [gradient, saved];
      return only(native.run(gradientKernel, [float], inputs, 1));
    };
    return { value, gradFunc };
  });
  return applied(input);
}

/** What normalises a batch: `scale` and `center` [channels] stand in for those that a layer does not learn. */
export interface Affine {
  readonly scale: Tensor1D;
  readonly center: Tensor1D;
  readonly epsilon: number;
}

const batchNormalization = (epsilon: number, training: boolean): KernelAttribute[] => [
  float,
  { name: 'U', type: 'type', value: 'float32' },
  { name: 'data_format', type: 'string', value: 'NHWC' },
  { name: 'epsilon', type: 'float', value: epsilon },
  { name: 'is_training', type: 'bool', value: training },
];

/**
 * Normalises [batch, height, width, channels] by the batch's own moments, in one pass where tfjs's operations take eleven.
 * Also gives the mean and the (biased) variance [channels], for the caller to dispose of.
 */
export function normalizedBatch(
  { tf }: TensorFlow,
  native: NativeKernels,
  input: Tensor4D,
  { scale, center, epsilon }: Affine,
): { readonly value: Tensor4D; readonly mean: Tensor; readonly variance: Tensor } {
  const moments: Tensor[] = [];
  const rows = input.size / (input.shape[3] as number);
  const attributes = batchNormalization(epsilon, true);
  const normalized = tf.customGrad((...args) => {
    const [x, factor, offset, save] = args as unknown as [Tensor, Tensor, Tensor, (tensors: Tensor[]) => void];
    const none = tf.tensor1d([]);
    const [value, mean, variance, ...reserved] = native.run(
      'FusedBatchNormV3',
      [...attributes, { name: 'exponential_avg_factor', type: 'float', value: 1 }],
      [x, factor, offset, none, none],
      6,
    ) as [Tensor, Tensor, Tensor, ...Tensor[]];
    // The kernel's variance is that of a sample, Keras's that of the batch.
    moments.push(tf.keep(tf.clone(mean)), tf.keep(tf.mul(variance, Math.max(1, rows - 1) / rows)));
    save([x, factor, ...reserved]);
    const gradFunc = (gradient: Tensor, saved: Tensor[]): Tensor[] =>
      native.run('FusedBatchNormGradV3', attributes, [gradient, ...saved], 5).slice(0, 3);
    return { value, gradFunc };
  });
  const value = normalized(input, scale, center) as Tensor4D;
  return { value, mean: moments[0] as Tensor, variance: moments[1] as Tensor };
}

/** Normalises [batch, height, width, channels] by moments [channels] that are given. */
export function normalizedBy(
  { tf }: TensorFlow,
  native: NativeKernels,
  input: Tensor4D,
  { scale, center, epsilon }: Affine,
  { mean, variance }: { readonly mean: Tensor; readonly variance: Tensor },
): Tensor4D {
  const attributes = batchNormalization(epsilon, false);
  return tf.tidy(
    () => only(native.run('FusedBatchNormV3', attributes, [input, scale, center, mean, variance], 6)) as Tensor4D,
  );
}
