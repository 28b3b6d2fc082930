import { describe, expect, it } from 'vitest';
import { caseMistakes, confusedPairs } from '../../src/report/confusions.ts';
import { curveNote } from '../../src/report/curve-notes.ts';
import { count, duration, listed, milliseconds, score, shortNumber } from '../../src/report/format.ts';
import { edgeNotes } from '../../src/report/search-notes.ts';
import { spread } from '../../src/report/spread.ts';
import type { SearchFacts } from '../../src/report/study.ts';

function search(values: readonly (number | string)[], chosen: number | string): SearchFacts {
  const combinations = values.map((rate) => ({
    params: { rate },
    rank: rate === chosen ? 1 : 2,
    mean: 0.5,
    deviation: 0,
    folds: [],
    selected: rate === chosen,
  }));
  return { metric: 'accuracy', axes: [{ name: 'rate', values }], combinations };
}

describe('the edge of a grid', () => {
  it('is noted when the best of at least three numbers is the first or the last', () => {
    expect(edgeNotes(search([0.1, 0.2, 0.3], 0.1))).toMatchObject([{ axis: 'rate', value: 0.1, edge: 'smallest' }]);
    expect(edgeNotes(search([0.1, 0.2, 0.3], 0.3))).toMatchObject([{ edge: 'largest' }]);
  });

  it('is not noted inside the grid, for two values, or for names', () => {
    expect(edgeNotes(search([0.1, 0.2, 0.3], 0.2))).toEqual([]);
    expect(edgeNotes(search([0.1, 0.2], 0.1))).toEqual([]);
    expect(edgeNotes(search(['adam', 'ftrl', 'sgd'], 'adam'))).toEqual([]);
  });
});

describe('a learning curve', () => {
  const history = (losses: readonly number[]) =>
    losses.map((validationLoss, index) => ({
      epoch: index + 1,
      loss: 1,
      accuracy: 1,
      validationLoss,
      validationAccuracy: 1,
    }));

  it('that falls to the end asks for more epochs', () => {
    expect(curveNote(history([3, 2, 1]))).toEqual({ kind: 'still-improving', epochs: 3 });
  });

  it('that rises well above its lowest point is called overfitting', () => {
    expect(curveNote(history([3, 1, 1.2]))).toMatchObject({ kind: 'overfitting', best: 2, epochs: 3 });
  });

  it('that ends level, is too short, or was not measured says nothing', () => {
    expect(curveNote(history([3, 1, 1.01]))).toBeUndefined();
    expect(curveNote(history([3, 1]))).toBeUndefined();
    expect(curveNote(history([Number.NaN, Number.NaN, Number.NaN]))).toBeUndefined();
  });
});

describe('confusions', () => {
  const counts = Float64Array.of(8, 2, 0, 5, 5, 0, 1, 0, 9);

  it('are listed by count, with the share of the true class', () => {
    expect(confusedPairs(counts, 3, 2)).toEqual([
      { truth: 1, guess: 0, count: 5, share: 0.5 },
      { truth: 0, guess: 1, count: 2, share: 0.2 },
    ]);
  });

  it('of the two cases of a letter are counted apart', () => {
    expect(caseMistakes(counts, ['c', 'C', 'x'])).toBeCloseTo(7 / 8);
    expect(caseMistakes(Float64Array.of(1, 0, 0, 1), ['a', 'b'])).toBeUndefined();
  });
});

it('labels of close points are moved apart', () => {
  expect(spread([100, 20, 104], 15)).toEqual([100, 20, 115]);
});

it('numbers are written the way people read them', () => {
  expect(count(116323)).toBe('116,323');
  expect(score(undefined)).toBe('–');
  expect([0.4221, 80.88, 176.85, 33120].map(duration)).toEqual([
    '0.42\u00a0s',
    '80.9\u00a0s',
    '2\u00a0min 57\u00a0s',
    '9\u00a0h 12\u00a0min',
  ]);
  expect([0.06512, 1.36, 1234.5].map(milliseconds)).toEqual(['0.0651\u00a0ms', '1.36\u00a0ms', '1,235\u00a0ms']);
  expect(listed(['a', 'b', 'c'])).toBe('a, b and c');
});

it('large numbers have three digits and a unit', () => {
  expect([24, 1892, 1_892_576, 5.2e9].map(shortNumber)).toEqual(['24', '1.89\u00a0k', '1.89\u00a0M', '5.20\u00a0G']);
});
