import { expect, test } from 'vitest';
import { pictureLines } from '../../src/terminal/picture.ts';

const picture = { height: 3, width: 2, values: [0, 1, 0, 1, 1, 0] };

test('without colours two rows are one character of a shade', () => {
  expect(pictureLines([picture], false)).toEqual([' @', '+']);
});

test('with colours a character has the upper pixel before the lower one', () => {
  const [first] = pictureLines([picture], true);
  expect(first).toBe('\u001b[38;5;232;48;5;232m▀\u001b[38;5;255;48;5;255m▀\u001b[0m');
});

test('pictures stand side by side, shorter ones on paper', () => {
  const lines = pictureLines([picture, { height: 1, width: 1, values: [1] }], false);
  expect(lines).toEqual([' @  +', '+']);
  expect(pictureLines([], true)).toEqual([]);
});
