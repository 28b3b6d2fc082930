import { expect, test } from 'vitest';
import type { Pipeline, StageInstance } from '../../src/pipeline/pipeline.ts';
import { type Selection, selectInstances } from '../../src/pipeline/select.ts';

function instance(id: string, after: readonly string[]): StageInstance {
  const [stage = '', value] = id.replace(']', '').split('[');
  return {
    id,
    stage,
    matrix: value === undefined ? {} : { model: value },
    loaded: { kind: { outputs: { table: {} } } },
    inputs: { in: after.map((before) => ({ instance: before, stage: before, matrix: {}, output: 'table' })) },
    after,
  } as unknown as StageInstance;
}

const pipeline = {
  instances: [
    instance('make', []),
    instance('fit[a]', ['make']),
    instance('fit[b]', ['make']),
    instance('score[a]', ['fit[a]']),
    instance('score[b]', ['fit[b]']),
    instance('report', ['score[a]', 'score[b]']),
  ],
} as unknown as Pipeline;

function select(selection: Selection) {
  const selected = selectInstances(pipeline, selection);
  if (!selected.ok) return selected.error.map(({ message }) => message);
  const { instances, forced, wanted } = selected.value;
  return { run: instances.map(({ id }) => id), forced: [...forced], wanted: [...wanted] };
}

const all = pipeline.instances.map(({ id }) => id);

test.each<[Selection, ReturnType<typeof select>]>([
  [{}, { run: all, forced: [], wanted: ['report'] }],
  [{ targets: ['fit[a]'] }, { run: ['make', 'fit[a]'], forced: [], wanted: ['fit[a]'] }],
  [{ targets: ['fit'] }, { run: ['make', 'fit[a]', 'fit[b]'], forced: [], wanted: ['fit[a]', 'fit[b]'] }],
  [{ until: ['score[*]'] }, { run: all.slice(0, 5), forced: [], wanted: ['score[a]', 'score[b]'] }],
  [{ from: ['fit[b]'] }, { run: all, forced: ['fit[b]', 'score[b]', 'report'], wanted: ['report'] }],
  [
    { from: ['fit[b]'], targets: ['score'] },
    { run: all.slice(0, 5), forced: ['fit[b]', 'score[b]'], wanted: ['score[a]', 'score[b]'] },
  ],
  [{ force: true }, { run: all, forced: all, wanted: ['report'] }],
  [
    { force: true, targets: ['fit[a]'] },
    { run: ['make', 'fit[a]'], forced: ['fit[a]'], wanted: ['fit[a]'] },
  ],
  [{ targets: ['fti', 'fit[c]'] }, ['there is no stage "fti"', '"fit" has no instance [c]']],
  [{ from: ['report'], targets: ['make'] }, ['report is not among what the targets need']],
])('%j', (selection, result) => {
  expect(select(selection)).toEqual(result);
});
