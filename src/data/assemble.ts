import { basename } from 'node:path';
import { failure } from '../errors/failure.ts';
import { err, ok, type Result } from '../util/result.ts';
import type { Dataset } from './dataset.ts';
import { type KnownDataset, knownDatasets, knownSide } from './emnist-names.ts';
import { type LabelledImages, type Orientation, type ReadParts, transposeImages } from './labelled-images.ts';
import { malformed } from './malformed.ts';

/** Most classes of a data set whose class names are not known. */
const mostUnnamedClasses = 10_000;

export interface Assembly extends ReadParts {
  readonly dataset: string;
  readonly format: Dataset['source']['format'];
  /** How the files store their images. */
  readonly orientation: Orientation;
  /** All files that were read. */
  readonly files: readonly string[];
}

/** Images and labels must be equally many, and all images of one size. */
function checkShapes(parts: readonly LabelledImages[], side: number | undefined): Result<void> {
  const [first] = parts;
  for (const { file, height, width, images, labels } of parts) {
    if (side !== undefined && (height !== side || width !== side)) {
      const hint = `the images of this data set have ${side} x ${side} pixels`;
      return malformed('dataset-shape', file, `holds images of ${height} x ${width} pixels`, hint);
    }
    const pixels = height * width;
    if (pixels === 0) return malformed('dataset-shape', file, `holds images of ${height} x ${width} pixels`);
    if (images.length !== labels.length * pixels) {
      const found = images.length % pixels === 0 ? `${images.length / pixels} images` : `${images.length} pixels`;
      const hint = 'images and labels must be of the same split and have equally many rows';
      return malformed(
        'dataset-rows',
        file,
        `holds ${found} of ${height} x ${width}, and ${labels.length} labels`,
        hint,
      );
    }
    if (first !== undefined && (first.height !== height || first.width !== width)) {
      const other = `${basename(first.file)} of ${first.height} x ${first.width}`;
      return malformed('dataset-shape', file, `holds images of ${height} x ${width} pixels, and ${other}`);
    }
  }
  if (parts.every(({ labels }) => labels.length === 0)) {
    const files = [...new Set(parts.map(({ file }) => basename(file)))].join(' and ');
    return err(failure('dataset-empty', `${files} has no row`, { hint: 'get the file again' }));
  }
  return ok();
}

/** The class names: the files' own, else the known ones, else as many numbers as the labels need. */
function classNames(
  given: readonly string[] | undefined,
  known: KnownDataset | undefined,
  parts: readonly LabelledImages[],
): readonly string[] {
  const names = given ?? known?.classes;
  if (names !== undefined) return names;
  let largest = 0;
  for (const { labels } of parts) {
    for (let row = 0; row < labels.length; row++)
      if ((labels[row] as number) > largest) largest = labels[row] as number;
  }
  return Array.from({ length: Math.min(Math.floor(largest), mostUnnamedClasses - 1) + 1 }, (_, label) => String(label));
}

/** Labels as class indices; the first one that is no class is a failure. */
function classLabels(part: LabelledImages, classes: number, firstLabel: number): Result<Int32Array> {
  const own = new Int32Array(part.labels.length);
  for (let row = 0; row < own.length; row++) {
    const stored = part.labels[row] as number;
    const label = stored - firstLabel;
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      const range = `${firstLabel} to ${firstLabel + classes - 1}`;
      const hint = 'are these files of another data set or split?';
      return malformed(
        'dataset-label',
        part.file,
        `has label ${stored} in row ${row}; labels are whole numbers from ${range}`,
        hint,
      );
    }
    own[row] = label;
  }
  return ok(own);
}

function joinImages(parts: readonly LabelledImages[], orientation: Orientation): Uint8Array {
  const turned = parts.map(({ images, height, width }) =>
    orientation === 'transposed' ? transposeImages(images, height, width) : images,
  );
  const [only] = turned;
  if (turned.length === 1 && only !== undefined) return only;
  const joined = new Uint8Array(turned.reduce((sum, images) => sum + images.length, 0));
  let start = 0;
  for (const images of turned) {
    joined.set(images, start);
    start += images.length;
  }
  return joined;
}

function joinNumbers(parts: readonly Int32Array[]): Int32Array {
  const joined = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let start = 0;
  for (const part of parts) {
    joined.set(part, start);
    start += part.length;
  }
  return joined;
}

function titleOf({ dataset, files, parts }: Assembly, known: KnownDataset | undefined): string {
  const partitions = [...new Set(parts.map(({ partition }) => partition))];
  const title = known?.title ?? `images of ${basename(files[0] ?? dataset)}`;
  return `${title}, ${partitions.join(' and ')} split${partitions.length > 1 ? 's' : ''}`;
}

/**
 * Joins what a reader has read to one data set, in the order of the parts: images made upright, labels as class
 * indices. Errors: no row, unequal numbers of images and labels, images of different sizes, a label of no class.
 */
export function assembleDataset(assembly: Assembly): Result<Dataset> {
  const { parts, orientation } = assembly;
  const known = knownDatasets[assembly.dataset];
  // Folders of images are resized to whatever size was asked for.
  const shapes = checkShapes(parts, known === undefined || assembly.format === 'images' ? undefined : knownSide);
  if (!shapes.ok) return shapes;
  const classes = classNames(assembly.classes, known, parts);
  // Classes that the files name themselves are indices already.
  const firstLabel = assembly.format === 'images' ? 0 : (known?.firstLabel ?? 0);
  const labels: Int32Array[] = [];
  for (const part of parts) {
    const own = classLabels(part, classes.length, firstLabel);
    if (!own.ok) return own;
    labels.push(own.value);
  }
  const [first] = parts;
  if (first === undefined) throw new Error('a data set has at least one part');
  const transposed = orientation === 'transposed';
  const writers = parts.flatMap((part) => (part.writers === undefined ? [] : [part.writers]));
  return ok({
    rows: labels.reduce((sum, own) => sum + own.length, 0),
    height: transposed ? first.width : first.height,
    width: transposed ? first.height : first.width,
    images: joinImages(parts, orientation),
    labels: joinNumbers(labels),
    classes,
    partition: parts.flatMap((part) => new Array<LabelledImages['partition']>(part.labels.length).fill(part.partition)),
    ...(writers.length === parts.length ? { writers: joinNumbers(writers) } : {}),
    missing: parts.reduce((sum, part) => sum + (part.missing ?? 0), 0),
    source: {
      format: assembly.format,
      title: titleOf(assembly, known),
      orientation: transposed ? 'transposed, made upright' : 'upright',
      files: assembly.files.map((file) => basename(file)),
    },
  });
}
