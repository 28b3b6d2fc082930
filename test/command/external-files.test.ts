import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandFiles } from '../../src/command/external-files.ts';

const root = mkdtempSync(join(tmpdir(), 'pipe-command-'));
for (const folder of ['data', 'scripts/__pycache__', 'artifacts/runs'])
  mkdirSync(join(root, folder), { recursive: true });
const made = ['train.py', 'my conf.txt', 'data/a.csv', 'data/b.csv', 'data/c.txt', 'scripts/helper.py'];
for (const name of [...made, 'scripts/__pycache__/helper.pyc', 'artifacts/runs/manifest.json', 'data/d.json'])
  writeFileSync(join(root, name), '');

async function files(run: string | string[], patterns: string[] = []) {
  const found = await commandFiles({
    params: { run, files: patterns },
    root,
    env: {},
    cache: '',
    store: join(root, 'artifacts'),
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
  [['cat'], ['data'], ['data/a.csv', 'data/b.csv', 'data/c.txt', 'data/d.json']],
  [['cat', '/etc/passwd', '../x'], [], []],
  [['sh', '-c', 'python3 train.py > x'], [], ['train.py']],
  [['tool', '--config=train.py'], [], ['train.py']],
  ['cat data/*.csv', [], ['data/a.csv', 'data/b.csv']],
  ['cat "my conf.txt"', [], ['my conf.txt']],
  ['date > train.py; echo $?', [], []],
  [['python3', 'train.py'], ['scripts'], ['scripts/helper.py', 'train.py']],
  [['cat'], ['**/*.json'], ['data/d.json']],
  [['cat'], ['data/*.parquet'], 'no file fits "data/*.parquet"'],
])('%j with the files %j reads %j', async (run, patterns, found) => {
  expect(await files(run, patterns)).toEqual(found);
});
