import { appendFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLogTail } from '../../src/history/log-tail.ts';

const file = (): string => join(mkdtempSync(join(tmpdir(), 'pipe-tail-')), 'a.log');

test.each([
  ['', 2, []],
  ['a', 2, ['a']],
  ['a\n', 2, ['a']],
  ['a\nb\nc\n', 2, ['b', 'c']],
  ['a\nb\nc', 2, ['b', 'c']],
  ['a\nb\nc\n', 1, ['c']],
  ['a\nb\n', 2, ['a', 'b']],
  ['a\nb\n', 9, ['a', 'b']],
  ['\na\n', 1, ['a']],
  ['\na\n', 2, ['', 'a']],
  ['a\n\n', 1, ['']],
  ['a\n\n\n', 2, ['', '']],
  ['\n', 1, ['']],
])('of %j the last %i lines are %j', (text, last, lines) => {
  const path = file();
  writeFileSync(path, text);
  expect([...openLogTail(path, last).read(true)]).toEqual(lines);
});

test('what grows is read once, in whole lines and whole characters', () => {
  const path = file();
  const tail = openLogTail(path);
  expect([...tail.read(false)]).toEqual([]);
  const bytes = Buffer.from('first\nsecond ü\n');
  writeFileSync(path, bytes.subarray(0, 14));
  expect([...tail.read(false)]).toEqual(['first']);
  appendFileSync(path, bytes.subarray(14));
  expect([...tail.read(false)]).toEqual(['second ü']);
  appendFileSync(path, 'no end');
  expect([...tail.read(false)]).toEqual([]);
  expect([...tail.read(true)]).toEqual(['no end']);
});

test('a log longer than a piece of the file is read whole', () => {
  const path = file();
  const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index} é`);
  writeFileSync(path, `${lines.join('\n')}\n`);
  expect([...openLogTail(path).read(true)]).toEqual(lines);
});
