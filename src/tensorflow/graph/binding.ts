import type { Tensor } from '@tensorflow/tfjs-core';

/** TensorFlow's numbers of its data types (tensorflow/core/framework/types.proto). */
export const dataTypes = { float32: 1, int32: 3, uint8: 4, int64: 9, bool: 10 } as const;

export type DataType = keyof typeof dataTypes;

/** An attribute of an operation as the binding takes it; `type` is one of its `TF_ATTR_…`. */
export interface BindingAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** A tensor that an operation made. */
export interface TensorMetadata {
  readonly id: number;
  readonly shape: readonly number[];
  readonly dtype: number;
}

type Values = Float32Array | Int32Array | Uint8Array;

/** The part of tfjs-node's native addon that is used here. */
export interface Binding {
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_SHAPE: number;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  /** Shares the memory of `values` where TensorFlow can use it as it lies. */
  createTensor(shape: readonly number[], type: number, values: Values): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Float32Array | Int32Array;
  executeOp(
    name: string,
    attributes: readonly BindingAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): TensorMetadata[];
  /** A session of the SavedModel in a folder. */
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(session: number): void;
  /** Names are joined by commas, with the index of the output: "a:0,b:1". */
  runSavedModel(session: number, inputs: readonly number[], inputNames: string, outputNames: string): TensorMetadata[];
}

/** The part of tfjs-node's backend that is used here. */
export interface NativeBackend {
  readonly isUsingGpuDevice: boolean;
  binding: Binding;
  executeMultipleOutputs(
    name: string,
    attributes: readonly BindingAttribute[],
    inputs: readonly unknown[],
    outputs: number,
  ): Tensor[];
  /** The ids of tensors in TensorFlow; puts those there that are not yet. */
  getInputTensorIds(tensors: readonly Tensor[]): number[];
}
