import type { Tensor } from '@tensorflow/tfjs-core';
import { type Output, typeOf } from './graph-definition.ts';
import { names } from './names.ts';
import { type Recording, record } from './recorder.ts';
import type { GraphContext } from './training-graph.ts';

/** Tensors that stand for outputs of a graph while a computation is traced. */
export interface StandIns {
  /** Zeros that stand for an output. */
  for(output: Output, shape: readonly number[], type?: 'float32' | 'int32'): Tensor;
  /** The network's weights, read from their variables. */
  weights(): Tensor[];
  /** A variable's value. */
  variable(name: string, shape: readonly number[]): Tensor;
  /** Runs `compute` once, adds what it did to the graph, and gives the outputs of the tensors it returned. */
  trace(compute: () => readonly Tensor[]): Output[];
}

/** Stand-ins for one traced computation; they belong to the surrounding `tf.tidy`. */
export function createStandIns({ tensorflow, plan, definition, handles }: GraphContext): StandIns {
  const { tf, native } = tensorflow;
  const { backend } = native;
  const known = new Map<number, Output>();
  const standFor: StandIns['for'] = (output, shape, type = 'float32') => {
    const tensor = tf.zeros([...shape], type);
    const [id] = backend.getInputTensorIds([tensor]);
    known.set(id as number, output);
    return tensor;
  };
  const variable: StandIns['variable'] = (name, shape) =>
    standFor(definition.add('ReadVariableOp', [handles.get(name) as Output], { dtype: typeOf('float32') }), shape);
  return {
    for: standFor,
    variable,
    weights: () => plan.network.weights.map(({ shape }, index) => variable(names.weight(index), shape)),
    trace: (compute) => {
      const { recording, value }: { recording: Recording; value: number[] } = record(backend, () =>
        backend.getInputTensorIds(compute()),
      );
      return definition.addRecording(recording, known, value);
    },
  };
}
