import type { WeightValues } from './network.ts';
import type { Fit } from './trainer.ts';

/** Rows that are read at once. */
const atOnce = 1024;

/**
 * The weights that a fit begins with: drawn by its seed, and where a layer wants it statistics of the rows that this very fit is
 * trained on, of no others: what a fold is scored by must not be known to it.
 */
export function firstWeights({
  network,
  data,
  rows,
  seed,
}: Pick<Fit, 'network' | 'data' | 'rows' | 'seed'>): WeightValues[] {
  const drawn = network.initialWeights(seed);
  const adapted = network.weights.map((weight) => weight.adapted);
  const features = drawn[adapted.findIndex((kind) => kind !== undefined)]?.values.length;
  if (features === undefined) return drawn;
  const moments = featureMoments(data, rows, features);
  return drawn.map((weight, index) => {
    const kind = adapted[index];
    return kind === undefined ? weight : { ...weight, values: Float32Array.from(moments[kind]) };
  });
}

/** Mean and variance (that of the rows, not of a sample) of each feature, the last axis of the inputs, after the division by the scale. */
function featureMoments(
  data: Fit['data'],
  rows: Int32Array,
  features: number,
): { readonly mean: Float64Array; readonly variance: Float64Array } {
  const [sums, squares] = [new Float64Array(features), new Float64Array(features)];
  const each = (use: (value: number, feature: number) => void): void => {
    for (let first = 0; first < rows.length; first += atOnce)
      data.images.gather(rows.subarray(first, first + atOnce)).forEach((value, index) => {
        use(value / data.scale, index % features);
      });
  };
  each((value, feature) => {
    sums[feature] = (sums[feature] as number) + value;
  });
  const values = (rows.length * data.images.size) / features;
  const mean = sums.map((sum) => sum / values);
  // A second pass: the difference of two large sums would lose what is small.
  each((value, feature) => {
    squares[feature] = (squares[feature] as number) + (value - (mean[feature] as number)) ** 2;
  });
  return { mean, variance: squares.map((sum) => sum / values) };
}
