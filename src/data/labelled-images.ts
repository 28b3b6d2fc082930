/** The source's own division of its rows. */
export type Partition = 'train' | 'test';

/** How a file stores an image: row after row, or (EMNIST) column after column. */
export type Orientation = 'upright' | 'transposed';

/** Images and labels of one partition as their files store them: not yet turned, labels not yet checked. */
export interface LabelledImages {
  /** The file to name when a row is wrong. */
  readonly file: string;
  readonly partition: Partition;
  /** Extents of one image in the order of the file. */
  readonly height: number;
  readonly width: number;
  /** Images one after another, 0-255. */
  readonly images: Uint8Array;
  readonly labels: ArrayLike<number>;
  readonly writers?: Int32Array;
  /** Cells that were empty or not a number; their rows are not among the images. */
  readonly missing?: number;
}

/** What a reader has found: one part a partition, train before test. */
export interface ReadParts {
  readonly parts: readonly LabelledImages[];
  /** Names of the classes where the files themselves give them. */
  readonly classes?: readonly string[];
}

/** Swaps rows and columns of each image (height x width values in, width x height out). */
export function transposeImages(images: Uint8Array, height: number, width: number): Uint8Array {
  const size = height * width;
  const turned = new Uint8Array(images.length);
  for (let start = 0; start < images.length; start += size) {
    let target = start;
    for (let column = 0; column < width; column++) {
      for (let source = start + column; source < start + size; source += width)
        turned[target++] = images[source] as number;
    }
  }
  return turned;
}

/** The partition that a file's or array's name tells of by the words train, test or t10k; undefined without. */
export function partitionIn(name: string): Partition | undefined {
  const words = name.toLowerCase().split(/[^a-z0-9]+/);
  if (words.some((word) => word === 'test' || word === 't10k' || word === 'testing')) return 'test';
  if (words.some((word) => word === 'train' || word === 'training')) return 'train';
  return undefined;
}
