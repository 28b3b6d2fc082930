import type { Json, JsonObject } from '../util/json.ts';
import { suggestion } from '../util/suggest.ts';
import type { DataShape, ModelDescription, ModelMistake } from './description.ts';
import { type FilledModel, fillModel } from './resolve.ts';

/** Stands for the data until there is some. */
const anyData: DataShape = { classes: 10, height: 28, width: 28 };

/** Mistakes that do not hang on the data's sizes: those can be told when there is data only. */
function certain({ mistakes, ofData }: FilledModel): ModelMistake[] {
  return mistakes.filter(
    ({ path, message }) => !ofData.has(path.join('/')) && !/ units for \d+ classes$/.test(message),
  );
}

/** All mistakes of a model that can be seen before there is data, with their paths. */
export function validateModel(description: ModelDescription): ModelMistake[] {
  const filled = fillModel(description, description.hyperparameters, anyData);
  const mistakes = certain(filled);
  const unused = Object.keys(description.hyperparameters).filter((name) => !filled.used.has(name));
  return [
    ...mistakes,
    ...unused.map((name) => ({
      path: ['hyperparameters', name],
      message: `the hyperparameter "${name}" is used nowhere in the model`,
      hint: `write "\${hyper.${name}}" where it belongs, or remove it`,
    })),
  ];
}

/** What is wrong with one value of a hyperparameter, the others being the model's own. */
function hyperparameterMistake(
  model: ModelDescription,
  name: string,
  value: Json,
): Omit<ModelMistake, 'path'> | undefined {
  const [first] = certain(fillModel(model, { ...model.hyperparameters, [name]: value }, anyData));
  if (first === undefined) return undefined;
  const hint = first.hint === undefined ? {} : { hint: first.hint };
  return { message: `${first.path.join('.')}: ${first.message}`, ...hint };
}

/**
 * Mistakes of a grid: axes that are no hyperparameters of the model, axes without values, values that the model
 * cannot take. Paths lead from the grid.
 */
export function gridMistakes(model: ModelDescription, grid: Readonly<Record<string, readonly Json[]>>): ModelMistake[] {
  const known = Object.keys(model.hyperparameters);
  return Object.entries(grid).flatMap(([axis, values]): ModelMistake[] => {
    if (!known.includes(axis)) {
      const message = `the model "${model.name}" has no hyperparameter "${axis}"`;
      return [{ path: [axis], message, hint: suggestion(axis, known) }];
    }
    if (values.length === 0)
      return [{ path: [axis], message: `"${axis}" has no values to try`, hint: 'list at least one' }];
    return values.flatMap((value, index): ModelMistake[] => {
      const mistake = hyperparameterMistake(model, axis, value);
      return mistake === undefined ? [] : [{ path: [axis, index], ...mistake }];
    });
  });
}

/** Mistakes of hyperparameters that a stage sets over the model's own. Paths lead from them. */
export function overrideMistakes(model: ModelDescription, hyperparameters: JsonObject): ModelMistake[] {
  const grid = Object.fromEntries(Object.entries(hyperparameters).map(([name, value]) => [name, [value]]));
  return gridMistakes(model, grid).map(({ path, ...rest }) => ({ path: path.slice(0, 1), ...rest }));
}
