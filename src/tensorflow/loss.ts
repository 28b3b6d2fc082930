import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { TensorFlow } from './runtime.ts';

/**
 * Mean cross-entropy of logits [batch, classes] and labels int32 [batch]. From logits, not from probabilities: those
 * that round to 0 or 1 would lose their gradient. With weights of the classes [classes] it is Keras's with
 * `class_weight`: weighted, and divided by the number of rows, not by the sum of their weights.
 */
export function crossEntropy(
  tensorflow: TensorFlow,
  logits: Tensor2D,
  labels: Tensor1D,
  classWeights?: Tensor1D,
): Scalar {
  const { tf } = tensorflow;
  const losses = crossEntropies(tensorflow, logits, labels);
  return tf.mean(classWeights === undefined ? losses : tf.mul(losses, tf.gather(classWeights, labels)));
}

/** Cross-entropy of each row. */
function crossEntropies({ tf, native }: TensorFlow, logits: Tensor2D, labels: Tensor1D): Tensor1D {
  if (native === undefined) {
    const oneHot = tf.oneHot(labels, logits.shape[1]);
    return tf.losses.softmaxCrossEntropy(oneHot, logits, undefined, 0, tf.Reduction.NONE) as Tensor1D;
  }
  // One kernel gives loss and gradient; tfjs's own way is a dozen operations.
  const losses = tf.customGrad((...args) => {
    const [scores, save] = args as unknown as [Tensor2D, (tensors: Tensor[]) => void];
    const [values, gradient] = native.run(
      'SparseSoftmaxCrossEntropyWithLogits',
      [
        { name: 'T', type: 'type', value: 'float32' },
        { name: 'Tlabels', type: 'type', value: 'int32' },
      ],
      [scores, labels],
      2,
    );
    save([gradient as Tensor]);
    const gradFunc = (outer: Tensor, [inner]: Tensor[]): Tensor => tf.mul(tf.expandDims(outer, 1), inner as Tensor);
    return { value: values as Tensor, gradFunc };
  });
  return losses(logits) as Tensor1D;
}
