import { appendFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readLogPiece } from '../../src/ui/log-piece.ts';

const logOf = (text: string): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'log-')), 'job.log');
  writeFileSync(path, text);
  return path;
};

test('whole lines are read, then what came since; a line that is being written waits', () => {
  const path = logOf('one\ntw');
  const first = readLogPiece(path, undefined);
  expect(first).toEqual({ lines: ['one'], next: 4, skipped: 0 });
  appendFileSync(path, 'o\nthree\n');
  expect(readLogPiece(path, first.next).lines).toEqual(['two', 'three']);
});

test('of a long log the last lines are read, whole, and how much was left out', () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index}`);
  const { lines: read, skipped } = readLogPiece(logOf(`${lines.join('\n')}\n`), undefined);
  expect(read.at(-1)).toBe('line 19999');
  expect(lines.slice(-read.length)).toEqual(read);
  expect(skipped).toBe(Buffer.byteLength(`${lines.slice(0, -read.length).join('\n')}\n`));
});

test('a line without an end comes in pieces and is not read for ever', () => {
  const path = logOf('x'.repeat(300_000));
  let next = 0;
  let length = 0;
  for (let piece = readLogPiece(path, next); piece.next > next; piece = readLogPiece(path, next)) {
    next = piece.next;
    length += piece.lines.join('').length;
  }
  expect(length).toBeGreaterThan(200_000);
});

test('what steers terminals is taken out, and a log that is not there has no lines', () => {
  expect(readLogPiece(logOf('\u001b[31mred\u001b[0m\u0007\n'), undefined).lines.join('')).not.toMatch(/[\u001b\u0007]/);
  expect(readLogPiece('/nowhere/job.log', 0)).toEqual({ lines: [], next: 0, skipped: 0 });
});
