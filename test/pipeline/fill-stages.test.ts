import { expect, test } from 'vitest';
import { filledParams, withStages } from '../../src/pipeline/fill-stages.ts';
import type { StageInstance } from '../../src/pipeline/pipeline.ts';

const schema = { type: 'object', properties: { title: { type: 'string' }, stages: { filledWith: 'stages' } } };

function instance(id: string, after: readonly string[], kind = id.split('[')[0] ?? id): StageInstance {
  const params = kind === 'report' ? { title: 'T' } : {};
  const loaded = { kind: { kind, params: kind === 'report' ? schema : {} } };
  return { id, stage: id.split('[')[0] ?? id, after, params, loaded } as unknown as StageInstance;
}

const instances = [
  instance('ingest', []),
  instance('aside', ['ingest']),
  instance('fit[a]', ['ingest']),
  instance('fit[b]', ['ingest']),
  instance('score[a]', ['fit[a]'], 'evaluate'),
  instance('score[b]', ['fit[b]'], 'evaluate'),
  instance('report', ['score[a]', 'score[b]', 'ingest']),
];

test('a kind that draws the pipeline is given the stages that lead to it, and nothing beside them', () => {
  const filled = withStages(instances);
  expect(filled.at(-1)?.params).toEqual({
    title: 'T',
    stages: [
      { name: 'ingest', kind: 'ingest', instances: [], from: [] },
      { name: 'fit', kind: 'fit', instances: ['a', 'b'], from: ['ingest'] },
      { name: 'score', kind: 'evaluate', instances: ['a', 'b'], from: ['fit'] },
      { name: 'report', kind: 'report', instances: [], from: ['score', 'ingest'] },
    ],
  });
});

test('the params of the others stay as they are', () => {
  const filled = withStages(instances);
  expect(filled.slice(0, -1)).toEqual(instances.slice(0, -1));
});

test('which params are filled in is told by the schema', () => {
  expect(filledParams(schema)).toEqual(['stages']);
  expect(filledParams({ type: 'object' })).toEqual([]);
});
