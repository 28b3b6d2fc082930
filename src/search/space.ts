import type { Failure } from '../errors/failure.ts';
import {
  combinations as combinationsOf,
  type DataShape,
  type ModelDescription,
  type ResolvedModel,
  resolveModel,
} from '../model/description.ts';
import type { Json, JsonObject } from '../util/json.ts';
import { err, ok, type Result } from '../util/result.ts';
import { combinationKey, type SearchSpace } from './search.ts';

/** Values to try by hyperparameter; a list of such maps is all of their combinations together. */
export type Grid = Readonly<Record<string, readonly Json[]>>;

export interface SpaceSetting {
  readonly model: ModelDescription;
  readonly grid: Grid | readonly Grid[];
  /** Combinations that have these values are left out. */
  readonly exclude: readonly JsonObject[];
}

/** The grids one by one. */
export function gridsOf(grid: Grid | readonly Grid[]): readonly Grid[] {
  return Array.isArray(grid) ? (grid as readonly Grid[]) : [grid as Grid];
}

/** All combinations of the grids, each once, without those that are excluded. */
export function allCombinations({ grid, exclude }: Pick<SpaceSetting, 'grid' | 'exclude'>): JsonObject[] {
  const all = gridsOf(grid).flatMap((one) => combinationsOf(one));
  const distinct = [...new Map(all.map((combination) => [combinationKey(combination), combination])).values()];
  const isExcluded = (combination: JsonObject): boolean =>
    exclude.some((values) =>
      Object.entries(values).every(([axis, value]) => JSON.stringify(combination[axis]) === JSON.stringify(value)),
    );
  return distinct.filter((combination) => !isExcluded(combination));
}

/** What is searched, with the model that each combination comes to. */
export interface ModelSpace extends SearchSpace {
  /** Folds of one repeat: fold `n` of the space is fold `n % repeatFolds` of repeat `n / repeatFolds`. */
  readonly repeatFolds: number;
  /** The fold that an inner search of a nested one never sees; its folds are the others. */
  readonly without?: number;
  readonly modelOf: (combination: JsonObject) => ResolvedModel;
}

/** Makes the space of a model and its grid. Errors: a combination that the model cannot take. */
export function modelSpace(
  setting: SpaceSetting,
  data: DataShape & { readonly folds: number; readonly repeats: number; readonly rows: number },
): Result<ModelSpace, Failure> {
  const { model } = setting;
  const combinations = allCombinations(setting);
  const models = new Map<string, ResolvedModel>();
  for (const combination of combinations) {
    const resolved = resolveModel(model, { ...model.hyperparameters, ...combination }, data);
    if (!resolved.ok) return err(resolved.error);
    models.set(combinationKey(combination), resolved.value);
  }
  const modelOf = (combination: JsonObject): ResolvedModel => {
    const found = models.get(combinationKey(combination));
    if (found === undefined) throw new Error(`${JSON.stringify(combination)} is no combination of the grid`);
    return found;
  };
  const axes: Record<string, Json[]> = {};
  for (const grid of gridsOf(setting.grid))
    for (const [axis, values] of Object.entries(grid)) {
      const known = axes[axis] ?? [];
      axes[axis] = [
        ...known,
        ...values.filter((value) => !known.some((one) => JSON.stringify(one) === JSON.stringify(value))),
      ];
    }
  return ok({
    combinations,
    axes,
    start: model.hyperparameters,
    folds: data.folds * data.repeats,
    repeatFolds: data.folds,
    foldRows: data.rows / data.folds,
    epochsOf: (combination) => modelOf(combination).training.epochs,
    modelOf,
  });
}

/** The space of a search that never sees one of the folds of the first repeat. */
export function innerSpace(space: ModelSpace, without: number): ModelSpace {
  return { ...space, folds: space.repeatFolds - 1, without };
}

/** Which fold of the split a fold of the space is. */
export function splitFold(space: ModelSpace, fold: number): { readonly fold: number; readonly repeat: number } {
  if (space.without !== undefined) return { fold: fold < space.without ? fold : fold + 1, repeat: 0 };
  return { fold: fold % space.repeatFolds, repeat: Math.floor(fold / space.repeatFolds) };
}
