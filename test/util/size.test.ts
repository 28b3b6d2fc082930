import { expect, test } from 'vitest';
import { parseSize, sizeText } from '../../src/util/size.ts';

test.each([
  ['50GB', 50e9],
  ['512 MiB', 512 * 2 ** 20],
  ['1.5k', 1500],
  ['0', 0],
  ['none', Number.POSITIVE_INFINITY],
  ['much', undefined],
  ['-5GB', undefined],
  ['5XB', undefined],
])('%s is a size of %s bytes', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1234, '1.2 kB'],
  [123_456_789, '123 MB'],
  [50e9, '50.0 GB'],
  [Number.POSITIVE_INFINITY, 'no limit'],
])('%d bytes are shown as %s', (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});
