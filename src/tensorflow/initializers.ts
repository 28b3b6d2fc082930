import type { Initializer } from '../model/layers.ts';
import type { Random } from '../util/random.ts';

/** Standard deviation of a standard normal that is cut at two standard deviations. */
const truncatedDeviation = 0.87962566103423978;

/** Inputs and outputs of one unit of a kernel: for convolutions times the size of the window. */
function fans(shape: readonly number[]): { readonly fanIn: number; readonly fanOut: number } {
  if (shape.length < 2) return { fanIn: shape[0] ?? 1, fanOut: shape[0] ?? 1 };
  const window = shape.slice(0, -2).reduce((product, extent) => product * extent, 1);
  return { fanIn: (shape.at(-2) as number) * window, fanOut: (shape.at(-1) as number) * window };
}

function uniform(size: number, limit: number, random: Random): Float32Array {
  const values = new Float32Array(size);
  // A plain loop: a model has millions of these, and each fit draws them anew.
  for (let index = 0; index < size; index++) values[index] = (2 * random.uniform() - 1) * limit;
  return values;
}

/** Normal numbers cut at two standard deviations, so wide that what is left has the standard deviation that is asked for. */
function truncatedNormal(size: number, deviation: number, random: Random): Float32Array {
  const wide = deviation / truncatedDeviation;
  return Float32Array.from({ length: size }, () => {
    let draw = random.normal();
    while (Math.abs(draw) > 2) draw = random.normal();
    return draw * wide;
  });
}

/** Rows (or columns, whichever are fewer) that are orthonormal, by Gram and Schmidt's process on normal numbers. */
function orthogonal(shape: readonly number[], random: Random): Float32Array {
  const columns = shape.at(-1) as number;
  const rows = shape.slice(0, -1).reduce((product, extent) => product * extent, 1);
  const wide = columns >= rows;
  const [count, length] = wide ? [rows, columns] : [columns, rows];
  const basis: Float64Array[] = [];
  while (basis.length < count) {
    const vector = Float64Array.from({ length }, () => random.normal());
    // Twice: once leaves rounding errors that show in long vectors.
    for (let pass = 0; pass < 2; pass++) for (const other of basis) subtractProjection(vector, other);
    const norm = Math.hypot(...vector);
    basis.push(vector.map((value) => value / norm));
  }
  const values = new Float32Array(rows * columns);
  basis.forEach((vector, index) => {
    vector.forEach((value, position) => {
      values[wide ? index * columns + position : position * columns + index] = value;
    });
  });
  return values;
}

function subtractProjection(vector: Float64Array, unit: Float64Array): void {
  let product = 0;
  for (let index = 0; index < vector.length; index++) product += (vector[index] as number) * (unit[index] as number);
  for (let index = 0; index < vector.length; index++)
    vector[index] = (vector[index] as number) - product * (unit[index] as number);
}

/**
 * First values of a weight, by Keras 3's definitions (keras.initializers): Glorot and Bengio (2010), He et al. (2015),
 * LeCun et al. (1998), Saxe et al. (2014) for orthogonal.
 */
export function initialValues(initializer: Initializer, shape: readonly number[], random: Random): Float32Array {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const { fanIn, fanOut } = fans(shape);
  switch (initializer) {
    case 'zeros':
      return new Float32Array(size);
    case 'ones':
      return new Float32Array(size).fill(1);
    case 'glorotUniform':
      return uniform(size, Math.sqrt(6 / (fanIn + fanOut)), random);
    case 'glorotNormal':
      return truncatedNormal(size, Math.sqrt(2 / (fanIn + fanOut)), random);
    case 'heUniform':
      return uniform(size, Math.sqrt(6 / fanIn), random);
    case 'heNormal':
      return truncatedNormal(size, Math.sqrt(2 / fanIn), random);
    case 'leCunUniform':
      return uniform(size, Math.sqrt(3 / fanIn), random);
    case 'leCunNormal':
      return truncatedNormal(size, Math.sqrt(1 / fanIn), random);
    case 'orthogonal':
      return orthogonal(shape, random);
    case 'randomNormal':
      return Float32Array.from({ length: size }, () => 0.05 * random.normal());
    case 'randomUniform':
      return uniform(size, 0.05, random);
    case 'truncatedNormal':
      // Keras's deviation here is that before the cut.
      return truncatedNormal(size, 0.05 * truncatedDeviation, random);
  }
}
