import type { TensorView } from '../artifact/reader.ts';

/** Counts pixels that are not numbers and labels outside the classes. */
export function missingValues(
  image: TensorView,
  labels: ArrayLike<number>,
  classes: number,
): { readonly count: number; readonly firstRow: number } {
  let count = 0;
  let firstRow = -1;
  for (let row = 0; row < image.rows; row++) {
    const label = labels[row] as number;
    let wrong = label >= 0 && label < classes ? 0 : 1;
    const values = image.row(row);
    // Bytes cannot be missing; only float images are looked through.
    if (values instanceof Float32Array) for (const value of values) if (Number.isNaN(value)) wrong++;
    if (wrong > 0 && firstRow < 0) firstRow = row;
    count += wrong;
  }
  return { count, firstRow };
}
