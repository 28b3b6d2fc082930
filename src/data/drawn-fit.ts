import { interpolate } from './interpolate.ts';

/** Side of the finished images in pixels. */
export const imageSide = 28;

/** Width of the blur in finished pixels; chosen so that edges are as soft as EMNIST's. */
const blur = 0.55;

/**
 * Turns ink on a large square into an image as EMNIST's processing gives it (Cohen, Afshar, Tapson, van Schaik, 2017):
 * the drawn part fitted into a box and centred with its proportions kept, softened by a Gaussian, resampled to 28 x 28,
 * the darkest ink 255.
 *
 * `ink` has side * side values, 0 to 1; `box` is the length of the longer extent in finished pixels.
 */
export function fitted(ink: Float32Array, side: number, box: number): Uint8Array {
  const bounds = inkBounds(ink, side);
  const extent = Math.max(bounds.right - bounds.left, bounds.bottom - bounds.top) + 1;
  const step = extent / box;
  const across = weights(side, (bounds.left + bounds.right + 1) / 2, step);
  const down = weights(side, (bounds.top + bounds.bottom + 1) / 2, step);
  const narrow = new Float32Array(side * imageSide);
  for (let row = bounds.top; row <= bounds.bottom; row++) {
    for (let column = 0; column < imageSide; column++) {
      narrow[row * imageSide + column] = weighed(across[column] as Weights, ink, row * side, 1);
    }
  }
  const image = new Float32Array(imageSide * imageSide);
  for (let row = 0; row < imageSide; row++) {
    for (let column = 0; column < imageSide; column++) {
      image[row * imageSide + column] = weighed(down[row] as Weights, narrow, column, imageSide);
    }
  }
  return spread(image);
}

/** Scales values so that the largest becomes 255. */
function spread(values: Float32Array): Uint8Array {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, value);
  const spread = new Uint8Array(values.length);
  const factor = largest === 0 ? 0 : 255 / largest;
  for (let index = 0; index < spread.length; index++) spread[index] = Math.round((values[index] as number) * factor);
  return spread;
}

function inkBounds(ink: Float32Array, side: number): { left: number; right: number; top: number; bottom: number } {
  const bounds = { left: side - 1, right: 0, top: side - 1, bottom: 0 };
  for (let index = 0; index < ink.length; index++) {
    if ((ink[index] as number) < 0.5) continue;
    const row = Math.floor(index / side);
    const column = index % side;
    bounds.left = Math.min(bounds.left, column);
    bounds.right = Math.max(bounds.right, column);
    bounds.top = Math.min(bounds.top, row);
    bounds.bottom = Math.max(bounds.bottom, row);
  }
  return bounds.left > bounds.right ? { left: 0, right: side - 1, top: 0, bottom: side - 1 } : bounds;
}

/** Which values of a line make one finished pixel, and how much each counts. */
interface Weights {
  readonly first: number;
  readonly values: Float32Array;
}

/** Gaussian weights of each finished pixel of a line, `step` pixels apart around `centre`. */
function weights(side: number, centre: number, step: number): Weights[] {
  const width = blur * step;
  return Array.from({ length: imageSide }, (_, pixel) => {
    const middle = centre + (pixel + 0.5 - imageSide / 2) * step - 0.5;
    const first = Math.max(0, Math.ceil(middle - 3 * width));
    const last = Math.min(side - 1, Math.floor(middle + 3 * width));
    const total = Math.sqrt(2 * Math.PI) * width;
    const values = Float32Array.from(
      { length: Math.max(0, last - first + 1) },
      (_, offset) => Math.exp(-((first + offset - middle) ** 2) / (2 * width * width)) / total,
    );
    return { first, values };
  });
}

function weighed(weights: Weights, from: Float32Array, start: number, step: number): number {
  let sum = 0;
  for (let offset = 0; offset < weights.values.length; offset++) {
    sum += (weights.values[offset] as number) * (from[start + (weights.first + offset) * step] as number);
  }
  return sum;
}

/** How many times larger a finished image is made before it is fitted anew. */
const enlargement = 3;

/**
 * Enlarges an image of 0-255 to crisp ink, so that digits that come as finished images pass through the same fitting
 * as letters. Bilinear, then a steeper slope at the edge, which undoes the softness that they came with.
 */
export function enlarged(image: Uint8Array): { ink: Float32Array; side: number } {
  const side = enlargement * imageSide;
  const framed = new Float32Array((imageSide + 2) * (imageSide + 2));
  for (let row = 0; row < imageSide; row++) {
    framed.set(image.subarray(row * imageSide, (row + 1) * imageSide), (row + 1) * (imageSide + 2) + 1);
  }
  const ink = new Float32Array(side * side);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const x = (column + 0.5) / enlargement + 0.5;
      const y = (row + 0.5) / enlargement + 0.5;
      const grey = interpolate(framed, imageSide + 2, x, y) / 255;
      ink[row * side + column] = Math.min(1, Math.max(0, 0.5 + 2.5 * (grey - 0.5)));
    }
  }
  return { ink, side };
}
