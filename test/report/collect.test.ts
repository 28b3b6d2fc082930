import { expect, it } from 'vitest';
import { collectStudy } from '../../src/report/collect.ts';
import type { ReportInput } from '../../src/report/collect-inputs.ts';
import { artifactOf, floats, text, toyStudy } from './study-files.ts';

const words = { title: 'Toy' };

function metricsInput(stage: string, matrix: Record<string, string>): ReportInput {
  const columns = [text('metric', ['accuracy']), text('average', ['']), floats('value', [0.5])];
  return { stage, matrix, artifact: artifactOf('metrics', { columns }) };
}

it('joins what belongs to a family by the first matrix value', () => {
  const study = collectStudy(toyStudy(), words);
  if (!study.ok) throw new Error(study.error.message);
  expect(study.value.families.map((family) => [family.title, family.scores.accuracy])).toEqual([
    ['First net', 0.75],
    ['Second net', 0.9],
  ]);
  expect(study.value.families[1]?.training).toEqual({ seconds: 12.5, samples: 40, exclusive: true });
  expect(study.value.families[1]?.parameters).toBe(40);
});

it('tells families of one model apart by their other matrix values', () => {
  const metrics = [
    metricsInput('evaluate', { model: 'one', scale: '1' }),
    metricsInput('evaluate', { model: 'one', scale: '255' }),
  ];
  const study = collectStudy({ ...toyStudy(), metrics }, words);
  if (!study.ok) throw new Error(study.error.message);
  expect(study.value.families.map((family) => family.title)).toEqual(['First net (1)', 'First net (255)']);
});

it('says which input holds metadata that is not JSON', () => {
  const damaged = artifactOf('weights', { columns: [text('name', ['w'])], metadata: { model: '{broken' } });
  const study = collectStudy(
    { ...toyStudy(), fit: [{ stage: 'fit', matrix: { model: 'one' }, artifact: damaged }] },
    words,
  );
  expect(study).toMatchObject({
    ok: false,
    error: { code: 'report-input', message: 'fit[one]: the metadata entry "model" is not JSON: "{broken"' },
  });
});

it('says which column an input lacks', () => {
  const artifact = artifactOf('history', { columns: [text('note', ['x'])] });
  const study = collectStudy({ ...toyStudy(), history: [{ stage: 'fit', matrix: { model: 'one' }, artifact }] }, words);
  expect(study).toMatchObject({
    ok: false,
    error: {
      message: 'fit[one]: a history artifact without the column epoch, loss, accuracy',
      hint: 'its columns are note',
    },
  });
});

it('wants the metrics of at least one model', () => {
  expect(collectStudy({ ...toyStudy(), metrics: [] }, words)).toMatchObject({ error: { code: 'report-empty' } });
});
