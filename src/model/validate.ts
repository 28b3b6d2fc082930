import type { ModelDescription, ModelMistake } from './description.ts';
import { fillModel } from './resolve.ts';

/** Stands for the data until there is some: only that the last layer has as many units as there are classes is used of it. */
const anyData = { classes: 10, height: 28, width: 28 };

/** All mistakes of a model that can be seen before there is data, with their paths. */
export function validateModel(description: ModelDescription): ModelMistake[] {
  const { mistakes, used } = fillModel(description, description.hyperparameters, anyData);
  if (mistakes.length > 0) return mistakes.filter((mistake) => !/ units for /.test(mistake.message));
  return Object.keys(description.hyperparameters)
    .filter((name) => !used.has(name))
    .map((name) => ({
      path: ['hyperparameters', name],
      message: `the hyperparameter "${name}" is used nowhere in the model`,
      hint: `write "\${hyper.${name}}" where it belongs, or remove it`,
    }));
}
