import { expect, test } from 'vitest';
import { createReferences } from '../../src/pipeline/references.ts';

const instance = (stage: string, matrix: Record<string, string>, outputs: string[]) => ({
  id: Object.keys(matrix).length === 0 ? stage : `${stage}[${Object.values(matrix).join(',')}]`,
  stage,
  matrix,
  outputs,
});
const instances = [
  instance('split', {}, ['split']),
  ...['cnn', 'mlp'].flatMap((model) =>
    ['1', '2'].map((seed) => instance('fit', { model, seed }, ['weights', 'history'])),
  ),
];

function ids(text: string): string[] | string {
  const found = createReferences(instances).resolve(text);
  return found.ok ? found.value.targets.map((target) => `${target.id}.${found.value.output}`) : found.hint;
}

test.each<[string, string[] | string]>([
  ['split', ['split.split']],
  ['fit[cnn,2].history', ['fit[cnn,2].history']],
  ['fit[cnn,*]', ['fit[cnn,1].weights', 'fit[cnn,2].weights']],
  ['fit[*]', ['fit[cnn,1].weights', 'fit[cnn,2].weights', 'fit[mlp,1].weights', 'fit[mlp,2].weights']],
  ['fit', ['fit[cnn,1].weights', 'fit[cnn,2].weights', 'fit[mlp,1].weights', 'fit[mlp,2].weights']],
  ['fot', 'did you mean "fit"?'],
  ['fit[cmn,1]', 'did you mean "cnn,1"?'],
  ['fit[cnn]', 'write fit[model,seed]'],
  ['split[1]', 'write split'],
  ['split.splits', 'did you mean "split"?'],
  ['fit[', 'write stage, stage.output, stage[value] or stage[*].output'],
])('%s', (text, expected) => {
  expect(ids(text)).toEqual(expected);
});
