import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandFiles } from '../../src/command/external-files.ts';

const root = mkdtempSync(join(tmpdir(), 'pipe-command-'));
mkdirSync(join(root, 'data'));
for (const name of ['train.py', 'data/a.csv', 'data/b.csv', 'data/c.txt']) writeFileSync(join(root, name), '');

async function files(run: string | string[], patterns: string[] = []) {
  const found = await commandFiles({
    params: { run, files: patterns },
    root,
    env: {},
    cache: '',
    offline: false,
    notice: () => {},
    signal: new AbortController().signal,
  });
  return found.ok ? Object.keys(found.value.files) : found.error.message;
}

test.each([
  [['python3', 'train.py'], [], ['train.py']],
  ['python3 train.py > $PIPE_OUTPUT/x; cat data/a.csv|wc', [], ['data/a.csv', 'train.py']],
  [['cat'], ['data/*.csv'], ['data/a.csv', 'data/b.csv']],
  [['cat'], ['data'], ['data/a.csv', 'data/b.csv', 'data/c.txt']],
  [['cat', '/etc/passwd', '../x'], [], []],
  [['cat'], ['data/*.parquet'], 'no file fits "data/*.parquet"'],
])('%j with the files %j reads %j', async (run, patterns, found) => {
  expect(await files(run, patterns)).toEqual(found);
});
