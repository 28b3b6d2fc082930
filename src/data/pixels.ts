import { ok, type Result } from '../util/result.ts';
import type { LabelledImages, Partition } from './labelled-images.ts';
import { type Malformed, malformed } from './malformed.ts';

/** Numbers of an array as its file holds them, and its shape. */
export interface NumberArray {
  readonly shape: readonly number[];
  readonly values: Numbers;
}

export type Numbers =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** Images out of an array: their extents and their pixels, or nothing where a row had cells that are not numbers. */
export interface ImageArray {
  readonly rows: number;
  readonly height: number;
  readonly width: number;
  readonly pixels: Uint8Array;
  /** Cells that are not numbers, and the rows that have them. */
  readonly missing: number;
  readonly missingRows: ReadonlySet<number>;
}

/** Rows, height and width of an array of images: n x h x w, with a last axis of 1, or n x (h * h). */
function imageShape(shape: readonly number[]): readonly [number, number, number] | undefined {
  const [rows = 0, height = 0, width = 0, channels] = shape;
  if (shape.length === 3 || (shape.length === 4 && channels === 1)) return [rows, height, width];
  const side = Math.round(Math.sqrt(height));
  return shape.length === 2 && side * side === height ? [rows, side, side] : undefined;
}

/**
 * Images out of an array of any numeric type: whole numbers 0-255 (fractions are refused, they would be cut off).
 * NaN counts as missing. Errors: a shape that is none of images, a value out of range (with its row and pixel).
 */
export function imagesOf(file: string, name: string, { shape, values }: NumberArray): Result<ImageArray> {
  const extents = imageShape(shape);
  if (extents === undefined) {
    const hint = 'images have the shape (n, height, width), (n, height, width, 1), or (n, pixels) when they are square';
    return malformed('dataset-shape', file, `holds ${name} of the shape (${shape.join(', ')})`, hint);
  }
  const [rows, height, width] = extents;
  const missingRows = new Set<number>();
  if (values instanceof Uint8Array) return ok({ rows, height, width, pixels: values, missing: 0, missingRows });
  const pixels = new Uint8Array(values.length);
  let missing = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    pixels[index] = value;
    if (pixels[index] === value) continue;
    const row = Math.floor(index / (height * width));
    if (!Number.isNaN(value)) return badPixel(file, name, value, row, index % (height * width));
    missing++;
    missingRows.add(row);
  }
  return ok({ rows, height, width, pixels, missing, missingRows });
}

function badPixel(file: string, name: string, value: number, row: number, pixel: number): Malformed {
  const hint =
    value > 0 && value < 1
      ? 'the images seem to be scaled already; store them as they were, 0 to 255, and let a stage scale them'
      : 'pixels are whole numbers from 0 to 255';
  return malformed('dataset-pixel', file, `has ${value} in ${name}, row ${row}, pixel ${pixel}`, hint);
}

/** A vector of labels: shape (n) or (n, 1). */
export function labelsOf(file: string, name: string, { shape, values }: NumberArray): Result<Numbers> {
  if (shape.length === 1 || (shape.length === 2 && shape[1] === 1)) return ok(values);
  const hint = 'labels have the shape (n), one whole number a row; undo one-hot encoding first';
  return malformed('dataset-shape', file, `holds ${name} of the shape (${shape.join(', ')})`, hint);
}

/** Numbers at the rows that are kept, `size` numbers a row. */
function keepRows(values: Uint8Array, size: number, dropped: ReadonlySet<number>, rows: number): Uint8Array {
  const kept = new Uint8Array((rows - dropped.size) * size);
  let target = 0;
  for (let row = 0; row < rows; row++) {
    if (dropped.has(row)) continue;
    kept.set(values.subarray(row * size, (row + 1) * size), target);
    target += size;
  }
  return kept;
}

/**
 * Puts images and labels of a partition together. Rows with a pixel or label that is not a number are left out and
 * their cells counted. Errors: those of `imagesOf` and `labelsOf`, and unequal numbers of rows.
 */
export function labelledImages(
  file: string,
  partition: Partition,
  images: { readonly name: string; readonly array: NumberArray },
  labels: { readonly name: string; readonly array: NumberArray },
): Result<LabelledImages> {
  const own = imagesOf(file, images.name, images.array);
  if (!own.ok) return own;
  const numbers = labelsOf(file, labels.name, labels.array);
  if (!numbers.ok) return numbers;
  const { rows, height, width, pixels, missing, missingRows } = own.value;
  if (numbers.value.length !== rows) {
    const what = `has ${rows} images (${images.name}), but ${numbers.value.length} labels (${labels.name})`;
    return malformed('dataset-rows', file, what, 'images and labels must have equally many rows');
  }
  const dropped = new Set(missingRows);
  let missingLabels = 0;
  for (let row = 0; row < rows; row++) {
    if (!Number.isNaN(numbers.value[row])) continue;
    missingLabels++;
    dropped.add(row);
  }
  const part = { file, partition, height, width, missing: missing + missingLabels };
  if (dropped.size === 0) return ok({ ...part, images: pixels, labels: numbers.value });
  return ok({
    ...part,
    images: keepRows(pixels, height * width, dropped, rows),
    labels: Array.from(numbers.value).filter((_, row) => !dropped.has(row)),
  });
}
