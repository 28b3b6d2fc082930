import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { TrainingSetting } from '../../model/description.ts';
import { numbersPerTransform } from '../augmentation.ts';
import { computeStep } from '../step.ts';
import { type Output, typeOf } from './graph-definition.ts';
import { addImages } from './input-graph.ts';
import { names, type StepInput } from './names.ts';
import { createStandIns } from './stand-ins.ts';
import type { GraphContext } from './training-graph.ts';
import { addAssign, type GraphOptimizer } from './update-graph.ts';

/** Adds one training step for a batch size: forward, loss, gradients, optimizer. Fetching its scores makes the step. */
export function addStep(
  context: GraphContext,
  training: TrainingSetting,
  optimizer: GraphOptimizer,
  batch: number,
): void {
  const { tensorflow, plan, definition } = context;
  const { tf } = tensorflow;
  const { network, weightedClasses } = plan;
  const placeholder = (input: StepInput, type: 'float32' | 'int32', ...shape: number[]) =>
    definition.placeholder(names.trainInput(batch, input), type, shape);
  tf.tidy(() => {
    const standIns = createStandIns(context);
    const images = addImages(context, names.trainInput(batch, 'pixels'), batch);
    const inputs = {
      input: standIns.for(images, [batch, ...network.inputShape]),
      labels: standIns.for(placeholder('labels', 'int32', batch), [batch], 'int32') as Tensor1D,
      seed: standIns.for(placeholder('seed', 'int32', 2), [2], 'int32') as Tensor1D,
      ...(weightedClasses === undefined
        ? {}
        : {
            classWeights: standIns.for(placeholder('class_weights', 'float32', weightedClasses), [
              weightedClasses,
            ]) as Tensor1D,
          }),
      ...(training.augmentation === undefined
        ? {}
        : {
            transforms: standIns.for(placeholder('transforms', 'float32', batch, numbersPerTransform), [
              batch,
              numbersPerTransform,
            ]) as Tensor2D,
          }),
    };
    const scalars = unpack(context, placeholder('scalars', 'float32', optimizer.scalarCount), optimizer.scalarCount);
    const weights = standIns.weights();
    const trainable = network.weights.flatMap((weight, index) => (weight.trainable ? [index] : []));
    const updateRule = optimizer.prepare(context, standIns, { weights, trainable, scalars });
    const updated: number[] = [];
    const [scores = '', ...rest] = standIns.trace(() => {
      const { loss, right, gradients, updates } = computeStep(tensorflow, { network, training }, inputs, weights);
      updated.push(...updates.keys());
      const kept: Tensor[] = [...updates.values()];
      return [tf.stack([loss, tf.cast(right, 'float32')]), ...kept, ...updateRule.traced(gradients)];
    });
    // No update before all that reads the weights is done: else TensorFlow would copy weights that are still read.
    const after = rest.map(nodeOf);
    const averages = updated.map((index, position) =>
      addAssign(context, names.weight(index), rest[position] as Output, after),
    );
    const moved = updateRule.apply(rest.slice(updated.length), after);
    definition.add(
      'Identity',
      [scores],
      { T: typeOf('float32') },
      {
        name: names.trained(batch),
        after: [...averages, ...moved],
      },
    );
  });
}

/** The node that an output belongs to. */
function nodeOf(output: Output): string {
  return output.split(':')[0] as string;
}

/** The numbers of a vector, one output each. */
function unpack({ definition }: GraphContext, vector: Output, count: number): Output[] {
  const first = definition.add('Unpack', [vector], {
    T: typeOf('float32'),
    num: { type: 'int', value: count },
    axis: { type: 'int', value: 0 },
  });
  return Array.from({ length: count }, (_, index) => (index === 0 ? first : `${first}:${index}`));
}
