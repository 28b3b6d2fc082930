import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Apply, LayerSetting } from './layer.ts';
import type { Tf } from './runtime.ts';

/**
 * Gated recurrent unit (Cho et al., 2014) over [steps, features], by Keras 3's definition: sigmoid gates in the order
 * update, reset, candidate; the reset gate acts after the recurrent product (`reset_after`), so that there are two biases.
 */
export function gruLayer({ config }: LayerSetting): Apply {
  const units = config['units'] as number;
  return ({ tf }, input, weights) => {
    const states = hiddenStates(tf, input as Tensor3D, weights, units);
    return config['returnSequences'] === true ? tf.stack(states, 1) : (states.at(-1) as Tensor2D);
  };
}

/** Hidden states [batch, units] after each step. The inputs' part of all steps is one product. */
function hiddenStates(
  tf: Tf,
  input: Tensor3D,
  [kernel, recurrent, bias]: readonly Tensor[],
  units: number,
): Tensor2D[] {
  const [batch, steps, features] = input.shape;
  const [inputBias, recurrentBias] = bias === undefined ? [] : (tf.unstack(bias as Tensor2D) as Tensor1D[]);
  const shifted = (product: Tensor2D, by: Tensor1D | undefined): Tensor2D =>
    by === undefined ? product : tf.add(product, by);
  const flat = tf.reshape(input, [batch * steps, features]) as Tensor2D;
  const projected = shifted(tf.matMul(flat, kernel as Tensor2D), inputBias);
  const ofSteps = tf.unstack(tf.reshape(projected, [batch, steps, 3 * units]), 1) as Tensor2D[];
  const states: Tensor2D[] = [];
  let hidden: Tensor2D = tf.zeros([batch, units]);
  for (const now of ofSteps) {
    const past = shifted(tf.matMul(hidden, recurrent as Tensor2D), recurrentBias);
    const [inputUpdate, inputReset, inputCandidate] = tf.split(now, 3, 1) as [Tensor2D, Tensor2D, Tensor2D];
    const [pastUpdate, pastReset, pastCandidate] = tf.split(past, 3, 1) as [Tensor2D, Tensor2D, Tensor2D];
    const update = tf.sigmoid(tf.add(inputUpdate, pastUpdate));
    const reset = tf.sigmoid(tf.add(inputReset, pastReset));
    const candidate = tf.tanh(tf.add(inputCandidate, tf.mul(reset, pastCandidate)));
    // update * hidden + (1 - update) * candidate, with one product less.
    hidden = tf.add(candidate, tf.mul(update, tf.sub(hidden, candidate)));
    states.push(hidden);
  }
  return states;
}
