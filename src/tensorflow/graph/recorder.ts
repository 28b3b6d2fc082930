import type { Binding, BindingAttribute, NativeBackend, TensorMetadata } from './binding.ts';

/** An operation that ran while recording. Tensors are named by the ids that the binding gave them. */
export interface RecordedOperation {
  readonly name: string;
  readonly attributes: readonly BindingAttribute[];
  readonly inputs: readonly number[];
  readonly outputs: readonly TensorMetadata[];
}

/** A tensor that was made of values while recording: the same at every run. */
export interface RecordedConstant {
  readonly shape: readonly number[];
  readonly dtype: number;
  readonly values: Uint8Array;
}

export interface Recording {
  readonly operations: readonly RecordedOperation[];
  readonly constants: ReadonlyMap<number, RecordedConstant>;
}

/**
 * Runs `body` and notes everything that TensorFlow is asked to do. All of tfjs's kernels go through two functions of
 * the binding, so what is noted is the whole computation, gradients included.
 */
export function record<Value>(
  backend: NativeBackend,
  body: () => Value,
): { readonly recording: Recording; readonly value: Value } {
  const { binding } = backend;
  const operations: RecordedOperation[] = [];
  const constants = new Map<number, RecordedConstant>();
  const createTensor: Binding['createTensor'] = (shape, dtype, values) => {
    const id = binding.createTensor(shape, dtype, values);
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
    constants.set(id, { shape: [...shape], dtype, values: bytes });
    return id;
  };
  const executeOp: Binding['executeOp'] = (name, attributes, inputs, count) => {
    const outputs = binding.executeOp(name, attributes, inputs, count);
    operations.push({ name, attributes, inputs: [...inputs], outputs });
    return outputs;
  };
  // The addon's own properties are read-only: an object of its kind with two properties of its own.
  const noting = Object.create(binding, { createTensor: { value: createTensor }, executeOp: { value: executeOp } });
  backend.binding = noting;
  try {
    const value = body();
    return { recording: { operations, constants }, value };
  } finally {
    backend.binding = binding;
  }
}
