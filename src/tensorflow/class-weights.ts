import { failure } from '../errors/failure.ts';
import type { ClassWeights } from '../model/training-rules.ts';
import { err, ok, type Result } from '../util/result.ts';
import { suggestion } from '../util/suggest.ts';

/**
 * Weight of each class in the loss. `balanced` is scikit-learn's (King and Zeng, 2001): rows / (classes with rows *
 * rows of the class), so that all of those count the same together; a class without rows gets 0. Errors: `class-weights`
 * for a name that is no class.
 */
export function classWeightsOf(
  setting: ClassWeights,
  {
    names,
    labels,
    rows,
  }: { readonly names: readonly string[]; readonly labels: ArrayLike<number>; readonly rows: Int32Array },
): Result<Float32Array> {
  if (setting === 'balanced') {
    const counts = new Float64Array(names.length);
    for (const row of rows) counts[labels[row] as number] = (counts[labels[row] as number] ?? 0) + 1;
    const present = counts.filter((count) => count > 0).length;
    return ok(Float32Array.from(counts, (count) => (count === 0 ? 0 : rows.length / (present * count))));
  }
  const weights = new Float32Array(names.length).fill(1);
  for (const [name, weight] of Object.entries(setting)) {
    const index = names.indexOf(name);
    if (index < 0)
      return err(
        failure('class-weights', `classWeights names "${name}", which is no class of the data`, {
          hint: suggestion(name, names),
        }),
      );
    weights[index] = weight;
  }
  return ok(weights);
}
