import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import type { TensorView } from '../artifact/reader.ts';
import type { Tf } from './runtime.ts';

/** Labelled images as the trainer wants them: pixels stay in the mapped file until their batch comes. */
export interface TrainingData {
  readonly images: TensorView;
  /** Pixels are divided by this. */
  readonly scale: number;
  /** Class of each row. */
  readonly labels: ArrayLike<number>;
  readonly classes: number;
}

/** The inputs of some rows as a tensor [rows, …shape]. */
export function inputBatch(tf: Tf, data: TrainingData, rows: Int32Array, shape: readonly number[]): Tensor {
  const values = scaledPixels(data.images.gather(rows), data.scale);
  return tf.tensor(values, [rows.length, ...shape], 'float32');
}

/** Pixels divided by `scale`. Bytes go through a table of all 256 quotients: this runs for every batch. */
function scaledPixels(pixels: Uint8Array | Float32Array, scale: number): Float32Array {
  const scaled = new Float32Array(pixels.length);
  if (pixels instanceof Uint8Array) {
    const quotients = Float32Array.from({ length: 256 }, (_, pixel) => pixel / scale);
    for (let index = 0; index < pixels.length; index++) scaled[index] = quotients[pixels[index] as number] as number;
  } else {
    for (let index = 0; index < pixels.length; index++) scaled[index] = (pixels[index] as number) / scale;
  }
  return scaled;
}

/** The labels of some rows, int32 [rows]. */
export function labelBatch(tf: Tf, data: TrainingData, rows: Int32Array): Tensor1D {
  return tf.tensor1d(labelsOf(data, rows), 'int32');
}

export function labelsOf(data: TrainingData, rows: Int32Array): Int32Array {
  return rows.map((row) => data.labels[row] as number);
}

/** Rows cut into batches; the last one may be smaller. */
export function cutBatches(rows: Int32Array, batchSize: number): Int32Array[] {
  return Array.from({ length: Math.ceil(rows.length / batchSize) }, (_, index) =>
    rows.subarray(index * batchSize, (index + 1) * batchSize),
  );
}
