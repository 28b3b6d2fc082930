import type { TrainingData } from '../../src/tensorflow/batches.ts';
import { createRandom } from '../../src/util/random.ts';

interface Size {
  readonly height: number;
  readonly width: number;
  readonly classes: number;
}

/** Images in memory as the trainer reads them from an artifact; pixels are divided by 255. */
export function samplesOf(
  pixels: Uint8Array,
  labels: ArrayLike<number>,
  { height, width, classes }: Size,
): TrainingData {
  const size = height * width;
  const row = (index: number): Uint8Array => pixels.subarray(index * size, (index + 1) * size);
  const gather = (rows: ArrayLike<number>): Uint8Array => {
    const gathered = new Uint8Array(rows.length * size);
    for (let position = 0; position < rows.length; position++)
      gathered.set(row(rows[position] as number), position * size);
    return gathered;
  };
  const images = { shape: [height, width], type: 'uint8', size, rows: pixels.length / size, row, gather } as const;
  return { images, scale: 255, labels: Int32Array.from(labels), classes };
}

/** Noise in which the row of each class is bright: a model that learns at all learns this. */
export function brightRows(count: number, { height, width, classes }: Size): TrainingData {
  const random = createRandom('bright rows');
  const labels = Int32Array.from({ length: count }, (_, row) => row % classes);
  const pixels = Uint8Array.from({ length: count * height * width }, (_, index) => {
    const line = Math.floor(index / width) % height;
    const bright = line === (labels[Math.floor(index / (height * width))] as number);
    return random.below(100) + (bright ? 150 : 0);
  });
  return samplesOf(pixels, labels, { height, width, classes });
}
