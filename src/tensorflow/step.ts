import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { createRandom } from '../util/random.ts';
import { distorted } from './augmentation.ts';
import { clipGradients } from './clip-gradients.ts';
import type { StepMode } from './layer.ts';
import { crossEntropy } from './loss.ts';
import type { TensorFlow, Tf } from './runtime.ts';
import type { Fit } from './trainer.ts';

/** What a training step is given, on the device. */
export interface StepInputs {
  /** [batch, …input shape] */
  readonly input: Tensor;
  /** Class of each row, int32 [batch]. */
  readonly labels: Tensor1D;
  /** Seed of the step's random numbers, int32 [2]. */
  readonly seed: Tensor1D;
  /** Weight of each class in the loss [classes]. */
  readonly classWeights?: Tensor1D;
  /** How each image is distorted [batch, 8], as tf.image.transform takes it. */
  readonly transforms?: Tensor2D;
}

/** What a training step finds out, on the device. The weights are as they were. */
export interface StepOutputs {
  /** Mean loss of the batch. */
  readonly loss: Scalar;
  /** How many rows had their label as the most probable class. */
  readonly right: Scalar;
  /** Gradients of the trainable weights, in the network's order. */
  readonly gradients: readonly Tensor[];
  /** Next values of weights that gradients do not move, by their place in the network. */
  readonly updates: ReadonlyMap<number, Tensor>;
}

/** The seed of a step's random numbers: dropout draws others at each step of each fit. */
export function stepSeed(seed: number, step: number): Int32Array {
  const random = createRandom(seed, 'step', step);
  return Int32Array.from([random.uint32(), random.uint32()]);
}

/** Forward pass, loss and gradients of one batch. Call it in a `tf.tidy`. */
export function computeStep(
  tensorflow: TensorFlow,
  { network, training }: Pick<Fit, 'network' | 'training'>,
  { input, labels, seed, classWeights, transforms }: StepInputs,
  weights: readonly Tensor[],
): StepOutputs {
  const { tf } = tensorflow;
  const { fill = 0 } = training.augmentation ?? {};
  const images = transforms === undefined ? input : distorted(tensorflow, input, network.image, transforms, fill);
  const updates = new Map<number, Tensor>();
  const mode: StepMode = {
    training: true,
    uniform: (layer, shape) => uniform(tensorflow, seed, layer, shape),
    update: (weight, value) => updates.set(weights.indexOf(weight), tf.keep(value)),
  };
  const trainable = weights.filter((_, index) => network.weights[index]?.trainable !== false);
  let logits: Tensor2D | undefined;
  const lossOf = (): Scalar => {
    logits = tf.keep(network.logits(tensorflow, images, weights, mode)) as Tensor2D;
    return crossEntropy(tensorflow, logits, labels, classWeights);
  };
  const { value, gradients } = gradientsOf(tensorflow, lossOf, trainable);
  const scores = released(tf, logits as Tensor2D) as Tensor2D;
  const right = tf.sum(tf.cast(tf.equal(tf.argMax(scores, 1), labels), 'int32')) as Scalar;
  const next = new Map([...updates].map(([index, kept]) => [index, released(tf, kept)]));
  return { loss: value, right, gradients: clipGradients(tf, gradients, training.optimizer), updates: next };
}

/** Gives a tensor that was kept out of an inner scope to the scope of the caller. */
function released(tf: Tf, kept: Tensor): Tensor {
  const copy = tf.clone(kept);
  kept.dispose();
  return copy;
}

/** Loss and gradients with respect to tensors that it reads. */
function gradientsOf(
  { tf }: TensorFlow,
  lossOf: () => Scalar,
  weights: readonly Tensor[],
): { value: Scalar; gradients: Tensor[] } {
  const { value, grads } = tf.engine().gradients(lossOf, [...weights]);
  grads.forEach((gradient, index) => {
    // A weight that the loss does not depend on: our own bug, for each layer uses all its weights.
    if (gradient === null || gradient === undefined) throw new Error(`weight ${index} has no gradient`);
  });
  return { value: value as Scalar, gradients: grads };
}

/**
 * Uniform numbers in [0, 1) that follow from the seed and the layer alone. TensorFlow's own are counter-based (Philox;
 * Salmon et al., 2011) and run where the network runs.
 */
function uniform({ tf, native }: TensorFlow, seed: Tensor1D, layer: number, shape: readonly number[]): Tensor {
  if (native !== undefined) {
    const key = tf.add(seed, tf.tensor1d([0, layer], 'int32'));
    const [numbers] = native.run(
      'StatelessRandomUniform',
      [
        { name: 'dtype', type: 'type', value: 'float32' },
        { name: 'T', type: 'type', value: 'int32' },
        { name: 'Tseed', type: 'type', value: 'int32' },
      ],
      [tf.tensor1d([...shape], 'int32'), key],
      1,
    );
    return numbers as Tensor;
  }
  const random = createRandom(...seed.dataSync(), layer);
  const size = shape.reduce((product, extent) => product * extent, 1);
  const numbers = new Float32Array(size);
  // 24 bits: more would round up to 1.
  for (let index = 0; index < size; index++) numbers[index] = (random.uint32() >>> 8) / 2 ** 24;
  return tf.tensor(numbers, [...shape], 'float32');
}
