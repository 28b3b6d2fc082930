import { expect, test } from 'vitest';
import { parseDuration } from '../../src/util/duration.ts';

test.each([
  ['90', 90],
  ['90s', 90],
  ['30min', 1800],
  ['1.5h', 5400],
  ['1d 12h', 129_600],
  ['02:30:00', 9000],
  ['1-12:00:00', 129_600],
])('%s is %i seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

test.each(['', '0', '-5', 'soon', '5 m', '1:99:00', '02:30', '1h30', 'NaN', '1e400'])('"%s" is no duration', (text) => {
  expect(parseDuration(text)).toBeUndefined();
});
