import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as core from '@tensorflow/tfjs-core';
import { failure } from '../errors/failure.ts';
import type { ComputeClass } from '../stage/stage-kind.ts';
import { err, ok, type Result } from '../util/result.ts';
import type { NativeBackend } from './graph/binding.ts';
import type { ProtobufClasses } from './graph/saved-model.ts';

/** tfjs-core's functions, of whichever copy owns the backend. */
export type Tf = typeof core;

/** Runs any TensorFlow kernel by its name: what tfjs has no function for. */
export interface NativeKernels {
  /** `outputs` tensors; they belong to the surrounding `tf.tidy`. */
  run(
    kernel: string,
    attributes: readonly KernelAttribute[],
    inputs: readonly unknown[],
    outputs: number,
  ): core.Tensor[];
  /** A 64-bit whole number as kernels take it. */
  int64(value: number): unknown;
  readonly backend: NativeBackend;
  readonly protobuf: ProtobufClasses;
}

/** An attribute of a TensorFlow kernel. `type` is a data type's name. */
export type KernelAttribute =
  | { readonly name: string; readonly type: 'float' | 'int'; readonly value: number }
  | { readonly name: string; readonly type: 'bool'; readonly value: boolean }
  | { readonly name: string; readonly type: 'string'; readonly value: string }
  | { readonly name: string; readonly type: 'type'; readonly value: 'float32' | 'int32' };

/** A loaded TensorFlow.js. `native` is there when TensorFlow itself computes. */
export interface TensorFlow {
  readonly tf: Tf;
  readonly native?: NativeKernels;
  readonly compute: ComputeClass;
}

/** A TensorFlow.js on TensorFlow itself. */
export type NativeTensorFlow = TensorFlow & { readonly native: NativeKernels };

/** Loads the backend of a compute class into this process, once and for good. */
export async function loadTensorFlow(compute: ComputeClass): Promise<Result<TensorFlow>> {
  return compute.backend === 'cpu' ? ok(await loadPureJavaScript(compute)) : loadNativeTensorFlow(compute);
}

async function loadPureJavaScript(compute: ComputeClass): Promise<TensorFlow> {
  const tf = await import('@tensorflow/tfjs-core');
  // tfjs-core's build for Node registers no gradients; they come with the layers' build.
  await import('@tensorflow/tfjs-layers');
  await import('@tensorflow/tfjs-backend-cpu');
  await tf.setBackend('cpu');
  return { tf, compute };
}

async function loadNativeTensorFlow(compute: ComputeClass): Promise<Result<TensorFlow>> {
  const { findInstalled } = await import('../backend/installed.ts');
  const { loadNative } = await import('../backend/load.ts');
  const installed = await findInstalled(compute.device, process.env);
  if (installed === undefined) {
    return err(
      failure('backend-missing', 'native TensorFlow is not set up', { hint: 'run "pipe setup", or use --backend cpu' }),
    );
  }
  const visible = process.env['CUDA_VISIBLE_DEVICES'];
  const loaded = await loadNative(installed, {
    threads: compute.threads,
    ...(visible === undefined ? {} : { gpu: visible }),
  });
  if (!loaded.ok) return loaded;
  const tf = loaded.value as Tf;
  const backend = tf.backend() as unknown as NativeBackend;
  // A build for GPUs computes on the CPU when it finds none: the results would carry the wrong compute class.
  if (compute.device === 'gpu' && !backend.isUsingGpuDevice) {
    const hint = 'see "pipe doctor"; --device cpu computes on the CPU';
    return err(
      failure('backend-no-gpu', 'TensorFlow was set up for the GPU, but finds none that it can use', { hint }),
    );
  }
  const require = createRequire(join(installed.folder, 'package.json'));
  const { Int64Scalar } = require('@tensorflow/tfjs-node-gpu/dist/int64_tensors') as {
    Int64Scalar: new (value: number) => unknown;
  };
  const { binding } = backend;
  const attributeTypes = {
    float: binding.TF_ATTR_FLOAT,
    int: binding.TF_ATTR_INT,
    bool: binding.TF_ATTR_BOOL,
    string: binding.TF_ATTR_STRING,
    type: binding.TF_ATTR_TYPE,
  };
  const types = { float32: binding.TF_FLOAT, int32: binding.TF_INT32 };
  const native: NativeKernels = {
    run: (kernel, attributes, inputs, outputs) => {
      const typed = attributes.map(({ name, type, value }) => ({
        name,
        type: attributeTypes[type],
        value: type === 'type' ? types[value] : value,
      }));
      return backend.executeMultipleOutputs(kernel, typed, [...inputs], outputs);
    },
    int64: (value) => new Int64Scalar(value),
    backend,
    protobuf: require('@tensorflow/tfjs-node-gpu/dist/proto/api_pb') as ProtobufClasses,
  };
  return ok({ tf, native, compute });
}
