import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Apply, LayerSetting } from './layer.ts';
import type { NativeKernels, TensorFlow, Tf } from './runtime.ts';

/**
 * Long short-term memory (Hochreiter and Schmidhuber, 1997; forget gate: Gers et al., 2000) over [steps, features], by
 * Keras 3's definition: sigmoid gates, tanh cell, gates in the order input, forget, cell, output, forget bias 1.
 */
export function lstmLayer({ config, inputShape }: LayerSetting): Apply {
  const [steps = 0] = inputShape;
  const units = config['units'] as number;
  return (tensorflow, input, weights) => {
    const { tf } = tensorflow;
    const timeMajor = tf.transpose(input as Tensor3D, [1, 0, 2]);
    const outputs = hiddenStates(tensorflow, timeMajor, weights, units);
    if (config['returnSequences'] === true) return tf.transpose(outputs, [1, 0, 2]);
    return tf.reshape(tf.slice(outputs, [steps - 1, 0, 0], [1, -1, -1]), [-1, units]);
  };
}

/** Hidden states [steps, batch, units] of inputs [steps, batch, features]. */
function hiddenStates(
  { tf, native }: TensorFlow,
  input: Tensor3D,
  [kernel, recurrent, bias]: readonly Tensor[],
  units: number,
): Tensor3D {
  const stacked = tf.concat([kernel as Tensor2D, recurrent as Tensor2D], 0);
  const shift = (bias ?? tf.zeros([4 * units])) as Tensor1D;
  return native === undefined
    ? stepByStep(tf, input, stacked, shift, units)
    : fused(tf, native, input, stacked, shift, units);
}

/** One operation after the other, in whatever backend. */
function stepByStep(tf: Tf, input: Tensor3D, stacked: Tensor2D, bias: Tensor1D, units: number): Tensor3D {
  const [steps, batch] = input.shape;
  let hidden: Tensor2D = tf.zeros([batch, units]);
  let cell: Tensor2D = tf.zeros([batch, units]);
  const states: Tensor2D[] = [];
  for (let step = 0; step < steps; step++) {
    const now = tf.reshape(tf.slice(input, [step, 0, 0], [1, -1, -1]), [batch, -1]) as Tensor2D;
    const gates = tf.add(tf.matMul(tf.concat([now, hidden], 1), stacked), bias) as Tensor2D;
    const [inputGate, forgetGate, candidate, outputGate] = tf.split(gates, 4, 1) as [
      Tensor2D,
      Tensor2D,
      Tensor2D,
      Tensor2D,
    ];
    cell = tf.add(tf.mul(tf.sigmoid(forgetGate), cell), tf.mul(tf.sigmoid(inputGate), tf.tanh(candidate)));
    hidden = tf.mul(tf.sigmoid(outputGate), tf.tanh(cell));
    states.push(hidden);
  }
  return tf.stack(states) as Tensor3D;
}

/** TensorFlow's fused kernels for the whole sequence and its gradient: 5 to 7 times as fast as step by step. */
function fused(
  tf: Tf,
  native: NativeKernels,
  input: Tensor3D,
  stacked: Tensor2D,
  bias: Tensor1D,
  units: number,
): Tensor3D {
  const operation = tf.customGrad((...args) => {
    const [x, w, b, save] = args as unknown as [Tensor3D, Tensor2D, Tensor1D, (tensors: Tensor[]) => void];
    const [steps, batch] = x.shape;
    const length = native.int64(steps);
    const zeroState = tf.zeros([batch, units]);
    const noPeephole = tf.zeros([units]);
    const shared = [x, zeroState, zeroState, w, noPeephole, noPeephole, noPeephole, b];
    const forward = native.run(
      'BlockLSTMV2',
      [
        { name: 'T', type: 'type', value: 'float32' },
        { name: 'cell_clip', type: 'float', value: 0 },
        { name: 'use_peephole', type: 'bool', value: false },
      ],
      [length, ...shared],
      7,
    );
    const hidden = forward[6] as Tensor3D;
    save([x, w, b, zeroState, noPeephole, ...forward]);
    const gradFunc = (gradient: Tensor, saved: Tensor[]): Tensor[] => {
      const [savedX, savedW, savedB, zero, none, ...states] = saved as [
        Tensor3D,
        Tensor2D,
        Tensor1D,
        Tensor2D,
        Tensor1D,
        ...Tensor[],
      ];
      const noCellGradient = tf.zerosLike(gradient);
      const inputs = [
        native.int64(steps),
        savedX,
        zero,
        zero,
        savedW,
        none,
        none,
        none,
        savedB,
        ...states,
        noCellGradient,
        gradient,
      ];
      const [forX, , , forW, , , , forB] = native.run(
        'BlockLSTMGradV2',
        [
          { name: 'T', type: 'type', value: 'float32' },
          { name: 'use_peephole', type: 'bool', value: false },
        ],
        inputs,
        8,
      );
      return [forX as Tensor, forW as Tensor, forB as Tensor];
    };
    return { value: hidden, gradFunc };
  });
  return operation(input, stacked, bias) as Tensor3D;
}
