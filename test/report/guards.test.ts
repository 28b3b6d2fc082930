import { expect, test } from 'vitest';
import { guardsOf } from '../../src/report/guards.ts';
import { markupText } from '../../src/report/html.ts';
import { nestedPart } from '../../src/report/section-nested.ts';
import { seedText } from '../../src/report/seeds.ts';
import type { Combination, Family, ModelFacts, Study } from '../../src/report/study.ts';

const model: ModelFacts = { title: 'MLP', layers: [], hyperparameters: { rate: 0.05 }, training: { epochs: 3 } };

function combination(rate: number, mean: number, selected = false): Combination {
  return { params: { rate }, rank: 1, mean, deviation: 0, folds: [mean, mean], selected };
}

function family(index: number, accuracy: number, more: Partial<Family> = {}): Family {
  return {
    index,
    title: `MLP (${index})`,
    scores: { accuracy, macro: {}, macroIntervals: {}, weighted: {} },
    model,
    ...more,
  };
}

function studyOf(families: readonly Family[], more: Partial<Study> = {}): Study {
  return { title: '', data: [], sources: [], scoredOn: 'test', classes: [], families, artifacts: [], ...more };
}

const findings = (study: Study): readonly string[] => guardsOf(study).flatMap((guard) => guard.findings);

const search = (combinations: readonly Combination[], values: readonly number[]) => ({
  search: { metric: 'accuracy', axes: [{ name: 'rate', values }], combinations },
});

test('a study without any of the mistakes has no findings, and says what was checked', () => {
  const sound = family(0, 0.8, search([combination(0.05, 0.8, true)], [0.01, 0.05, 0.1]));
  expect(findings(studyOf([sound, family(1, 0.8)]))).toEqual([]);
  expect(guardsOf(studyOf([sound])).map(({ checked }) => checked)).toHaveLength(5);
});

test('two accuracies of one model with the same hyperparameters are named', () => {
  const [found] = findings(studyOf([family(0, 0.8174), family(1, 0.8036)]));
  expect(found).toContain('MLP with the same hyperparameters has 2 accuracies: 0.8174 (MLP (0)) and 0.8036 (MLP (1))');
  const other = { ...model, training: { epochs: 5 } };
  expect(findings(studyOf([family(0, 0.8174), family(1, 0.8036, { model: other })]))).toEqual([]);
});

test('a best value at the edge, a winner outside the grid and a learning rate that diverges are named', () => {
  const edge = family(0, 0.8, search([combination(0.1, 0.8, true), combination(0.5, Number.NaN)], [0.1, 0.2, 0.5]));
  const found = findings(studyOf([edge])).join('\n');
  expect(found).toContain('the best rate, 0.1, is the smallest of 0.1, 0.2, 0.5');
  expect(found).toContain('rate 0.05 was never tried (0.1, 0.2, 0.5)');
  expect(found).toContain('1 combination diverged (rate 0.5)');
});

test('scores on validation rows and duplicates across the split are named', () => {
  const split = { train: 5, validation: 2, test: 3, folds: 2, duplicates: { test: 1, validation: 0, folds: 2 } };
  const found = findings(studyOf([], { scoredOn: 'validation', split }));
  expect(found[0]).toContain(
    '1 of the test rows equals a row that is trained on, 2 of the training rows equal one in another fold',
  );
  expect(found[1]).toContain('on validation rows');
});

test('a nested search shows what it reaches, what it believed, and whether it always chose the same', () => {
  const nested = [
    { fold: 0, params: { rate: 0.1 }, innerScore: 0.9, score: 0.7 },
    { fold: 1, params: { rate: 0.2 }, innerScore: 0.8, score: 0.8 },
  ];
  const made = family(0, 0.8, {
    search: { metric: 'accuracy', axes: [], combinations: [combination(0.1, 0.85, true)], nested },
  });
  const part = nestedPart(made);
  const text = part === undefined ? '' : markupText(part);
  expect(text).toContain('reaches 0.7500 (it believed 0.8500)');
  expect(text).toContain('The search itself reports 0.8500');
  expect(text).toContain('These 2 searches chose 2 different combinations');
});

test('a lead that two trainings of one model may have by their seeds alone is said to be one', () => {
  const [best, second] = [
    { ...family(0, 0.79), accuracy: 0.79 },
    { ...family(1, 0.78), accuracy: 0.78 },
  ];
  const refits = { title: 'MLP', accuracy: [0.79, 0.78, 0.77, Number.NaN], macroF1: [] };
  const text = seedText(refits, best, second);
  expect(text).toContain('differs from the next by 1.00 percentage points');
  expect(text).toContain('could be the luck of a seed: two trainings of one model may differ by 2.8');
  expect(text).toContain('1 of 4 trainings diverged');
  expect(seedText({ ...refits, accuracy: [0.79, 0.79, 0.791] }, best, second)).toContain('is more than that explains');
});
