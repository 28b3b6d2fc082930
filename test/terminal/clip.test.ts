import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { clip } from '../../src/terminal/clip.ts';

test.each([
  ['short', 10, 'short'],
  ['exactly ten', 11, 'exactly ten'],
  ['longer than that', 8, 'longer …'],
  ['██████░░░░', 5, '████…'],
  ['日本語のステージ', 8, '日本語…'],
  ['日本語', 6, '日本語'],
  ['a👩‍🔬b👩‍🔬c👩‍🔬', 6, 'a👩‍🔬b…'],
  ['', 3, ''],
])('"%s" in %i columns is "%s"', (line, columns, cut) => {
  expect(clip(line, columns, stringWidth)).toBe(cut);
  expect(stringWidth(clip(line, columns, stringWidth))).toBeLessThanOrEqual(columns);
});

test('colour codes take no column, and are closed also where their text is cut', () => {
  const red = '\u001b[31mred and long\u001b[39m and more';
  expect(clip(red, 6, stringWidth)).toBe('\u001b[31mred a…\u001b[39m');
  expect(clip('\u001b[31mred\u001b[39m', 3, stringWidth)).toBe('\u001b[31mred\u001b[39m');
});
