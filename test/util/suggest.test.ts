import { expect, test } from 'vitest';
import { suggestion } from '../../src/util/suggest.ts';

const known = ['ingest', 'normalise', 'split', 'grid-search', 'fit', 'evaluate', 'report'];

test.each([
  ['normalize', 'did you mean "normalise"?'],
  ['Split', 'did you mean "split"?'],
  ['flit', 'did you mean "fit"?'],
  ['ift', 'did you mean "fit"?'],
  ['gridsearch', 'did you mean "grid-search"?'],
  ['transform', 'known: evaluate, fit, grid-search, ingest, normalise, report, split'],
])('for %s: %s', (word, expected) => {
  expect(suggestion(word, known)).toBe(expected);
});

test('where nothing is known that is said', () => {
  expect(suggestion('x', [])).toBe('none is defined');
});
