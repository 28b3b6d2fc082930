import { ok, type Result } from '../util/result.ts';
import { type ReportInput, requireColumns } from './collect-inputs.ts';
import { combinationParams, paramsKey } from './collect-params.ts';
import type { Combination, CombinationCurves, Epoch, FoldCurve } from './study.ts';

/** The learning curves of a search, combination by combination in the order given, fold by fold; none without their artifact. */
export function combinationCurves(
  input: ReportInput | undefined,
  combinations: readonly Combination[],
): Result<readonly CombinationCurves[]> {
  if (input === undefined) return ok([]);
  const columns = requireColumns(input, ['params', 'fold', 'epoch', 'loss', 'accuracy']);
  if (!columns.ok) return columns;
  const params = combinationParams(input);
  if (!params.ok) return params;
  const { artifact } = input;
  const optional = (column: string): ArrayLike<number> => (artifact.has(column) ? artifact.numbers(column) : []);
  const [folds, numbers] = [artifact.numbers('fold'), artifact.numbers('epoch')];
  const [loss, accuracy] = [artifact.numbers('loss'), artifact.numbers('accuracy')];
  const [validationLoss, validationAccuracy] = [optional('validation_loss'), optional('validation_accuracy')];
  const found = new Map<string, Map<number, Epoch[]>>();
  for (const [row, one] of params.value.entries()) {
    const key = paramsKey(one);
    const ofFolds = found.get(key) ?? new Map<number, Epoch[]>();
    const fold = folds[row] ?? 0;
    ofFolds.set(fold, [
      ...(ofFolds.get(fold) ?? []),
      {
        epoch: numbers[row] ?? Number.NaN,
        loss: loss[row] ?? Number.NaN,
        accuracy: accuracy[row] ?? Number.NaN,
        validationLoss: validationLoss[row] ?? Number.NaN,
        validationAccuracy: validationAccuracy[row] ?? Number.NaN,
      },
    ]);
    found.set(key, ofFolds);
  }
  return ok(
    combinations.flatMap(({ params: own, selected }): CombinationCurves[] => {
      const ofFolds = found.get(paramsKey(own));
      if (ofFolds === undefined) return [];
      const curves = [...ofFolds].map(([fold, epochs]): FoldCurve => ({ fold, epochs }));
      return [{ params: own, selected, folds: curves.toSorted((one, other) => one.fold - other.fold) }];
    }),
  );
}
