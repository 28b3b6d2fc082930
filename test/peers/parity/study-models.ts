import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import {
  type DataShape,
  type ModelDescription,
  type ResolvedModel,
  resolveModel,
} from '../../../src/model/description.ts';

const file = new URL('../../../pipelines/emnist.yaml', import.meta.url);

/**
 * The models of pipelines/emnist.yaml by name, with their best hyperparameters but without dropout: nothing is random. Without those
 * whose images are distorted at random; their layers are compared one by one.
 */
export function studyModels(data: DataShape): ReadonlyMap<string, ResolvedModel> {
  const { models } = parse(readFileSync(file, 'utf8')) as { models: Record<string, Omit<ModelDescription, 'name'>> };
  return new Map(
    Object.entries(models)
      .filter(([, { training }]) => training.augmentation === undefined)
      .map(([name, description]) => {
        const { hyperparameters } = description;
        const deterministic = Object.hasOwn(hyperparameters, 'dropout') ? { dropout: 0 } : {};
        const values = { ...hyperparameters, epochs: 1, ...deterministic };
        const model = resolveModel({ ...description, name }, values, data);
        if (!model.ok) throw new Error(model.error.message);
        return [name, model.value];
      }),
  );
}
