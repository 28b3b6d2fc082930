/**
 * Signed Euclidean distance of each pixel to the edge of a shape, in pixels: negative inside, positive outside.
 * Exact and linear in the pixels (Felzenszwalb, Huttenlocher: "Distance Transforms of Sampled Functions", 2012).
 * `inside` has side * side values, not 0 where the shape is.
 */
export function signedDistances(inside: Uint8Array, side: number): Float32Array {
  const outer = squaredDistances(inside, side, true);
  const inner = squaredDistances(inside, side, false);
  const signed = new Float32Array(outer.length);
  for (let index = 0; index < signed.length; index++) {
    const squared = outer[index] as number;
    signed[index] = squared > 0 ? Math.sqrt(squared) - 0.5 : 0.5 - Math.sqrt(inner[index] as number);
  }
  return signed;
}

/** Squared distance of each pixel to the nearest one of the shape, or of its background; a large number where none is. */
function squaredDistances(inside: Uint8Array, side: number, shape: boolean): Float32Array {
  const far = 4 * side * side;
  const squared = new Float32Array(side * side);
  for (let index = 0; index < squared.length; index++) squared[index] = (inside[index] !== 0) === shape ? 0 : far;
  const scratch = { line: new Float32Array(side), vertex: new Int32Array(side), bound: new Float32Array(side + 1) };
  for (let column = 0; column < side; column++) lowerEnvelope(squared, column, side, side, scratch);
  for (let row = 0; row < side; row++) lowerEnvelope(squared, row * side, 1, side, scratch);
  return squared;
}

interface Scratch {
  readonly line: Float32Array;
  readonly vertex: Int32Array;
  readonly bound: Float32Array;
}

/** One dimension of the transform: the lower envelope of the parabolas that stand on each value of a line. */
function lowerEnvelope(values: Float32Array, first: number, step: number, length: number, scratch: Scratch): void {
  const { line, vertex, bound } = scratch;
  for (let position = 0; position < length; position++) line[position] = values[first + position * step] as number;
  let last = 0;
  vertex[0] = 0;
  bound[0] = Number.NEGATIVE_INFINITY;
  bound[1] = Number.POSITIVE_INFINITY;
  for (let position = 1; position < length; position++) {
    let crossing = crossingOf(line, position, vertex[last] as number);
    while (crossing <= (bound[last] as number)) {
      last--;
      crossing = crossingOf(line, position, vertex[last] as number);
    }
    last++;
    vertex[last] = position;
    bound[last] = crossing;
    bound[last + 1] = Number.POSITIVE_INFINITY;
  }
  let parabola = 0;
  for (let position = 0; position < length; position++) {
    while ((bound[parabola + 1] as number) < position) parabola++;
    const apex = vertex[parabola] as number;
    values[first + position * step] = (position - apex) ** 2 + (line[apex] as number);
  }
}

/** Where the parabolas on two positions of a line cross. */
function crossingOf(line: Float32Array, right: number, left: number): number {
  const difference = (line[right] as number) + right * right - (line[left] as number) - left * left;
  return difference / (2 * (right - left));
}
