import { expect, it } from 'vitest';
import { classWeightsOf } from '../../src/tensorflow/class-weights.ts';
import { crossEntropy } from '../../src/tensorflow/loss.ts';
import type { TensorFlow } from '../../src/tensorflow/runtime.ts';
import { describeOnBackends } from './backends.ts';
import { readTrainingReference } from './keras-training.ts';

const { classWeights: reference } = readTrainingReference();
const names = ['0', 'A', 'b'];
const rows = Int32Array.of(0, 1, 2, 3, 4, 5);

it("balances classes by scikit-learn's formula, without those that have no rows", () => {
  const balanced = classWeightsOf('balanced', { names, labels: [0, 0, 0, 0, 1, 1], rows });
  expect(balanced).toEqual({ ok: true, value: Float32Array.of(6 / (2 * 4), 6 / (2 * 2), 0) });
});

it('counts only the rows of the fit', () => {
  const balanced = classWeightsOf('balanced', { names, labels: [0, 0, 0, 0, 1, 1], rows: Int32Array.of(0, 4) });
  expect(balanced).toEqual({ ok: true, value: Float32Array.of(1, 1, 0) });
});

it('takes weights by the names of classes; the others count 1', () => {
  const named = classWeightsOf({ A: 2.5 }, { names, labels: [], rows });
  expect(named).toEqual({ ok: true, value: Float32Array.of(1, 2.5, 1) });
});

it('says which name is no class', () => {
  const wrong = classWeightsOf({ a: 2 }, { names, labels: [], rows });
  expect(wrong).toMatchObject({
    ok: false,
    error: { message: 'classWeights names "a", which is no class of the data' },
  });
});

/** Loss and moved weights of one step of SGD with rate 0.5. */
function step({ tf }: TensorFlow, tensorflow: TensorFlow) {
  return tf.tidy(() => {
    const inputs = tf.tensor2d([...reference.inputs], [12, 5]);
    const labels = tf.tensor1d([...reference.labels], 'int32');
    const weights = tf.tensor1d([...reference.classWeights]);
    const kernel = tf.tensor2d([...(reference.first[0] ?? [])], [5, 3]);
    const bias = tf.tensor1d([...(reference.first[1] ?? [])]);
    const lossOf = (k: typeof kernel, b: typeof bias) =>
      crossEntropy(tensorflow, tf.add(tf.matMul(inputs, k), b), labels, weights);
    const { value, grads } = tf.valueAndGrads(lossOf as never)([kernel, bias]);
    const moved = [kernel, bias].map((weight, index) => tf.sub(weight, tf.mul(grads[index] as typeof weight, 0.5)));
    return { loss: value.dataSync()[0] as number, moved: moved.map((one) => Array.from(one.dataSync())) };
  });
}

await describeOnBackends('weights of classes', (tensorflow) => {
  it("count in loss and gradient as Keras's class_weight does", () => {
    const { loss, moved } = step(tensorflow(), tensorflow());
    expect(loss).toBeCloseTo(reference.loss, 5);
    reference.weights.forEach((weight, index) => {
      weight.forEach((value, place) => {
        expect(moved[index]?.[place]).toBeCloseTo(value, 5);
      });
    });
  });
});
