import { mkdtempSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runAgain, stopRun } from '../../src/ui/control.ts';
import { endOf, startOf, writeRun } from '../page/support/written-runs.ts';

/** A run that has ended, with other words at its start, and what beginning it again comes to. */
async function begunAgain(changes: Readonly<Record<string, unknown>>): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'control-'));
  const { run, store, write, end } = writeRun(folder);
  const told = { host: hostname(), store: store.layout.root, ...changes };
  write({ ...startOf(run, 'study', ['a']), ...told } as ReturnType<typeof startOf>, endOf('failed', 1));
  end();
  return runAgain(store, run, AbortSignal.timeout(1000));
}

const words = ['run', '--', '/nowhere/study.yaml'];
const refusal = (text: string) => ({ ok: false, error: { message: expect.stringContaining(text) } });

test('what was begun on another machine, or in a store that lay elsewhere, is not begun here', async () => {
  const again = { folder: tmpdir(), words };
  expect(await begunAgain({ again, host: 'another' })).toMatchObject(refusal('made on another'));
  expect(await begunAgain({ again, store: '/elsewhere' })).toMatchObject(refusal('/elsewhere'));
});

test.each([
  undefined,
  null,
  'run study.yaml',
  { folder: '/', words: 'run study.yaml' },
  { folder: '/', words: ['gc'] },
  { folder: '/', words: ['run', 7] },
  { words },
])('a journal that says something else than how a run is begun begins nothing: %j', async (again) => {
  expect(await begunAgain({ again })).toMatchObject(refusal('did not note how it was begun'));
});

test('a folder that is gone is named', async () => {
  expect(await begunAgain({ again: { folder: '/nowhere', words } })).toMatchObject(refusal('any more: /nowhere'));
});

test('a run of a process that is gone cannot be stopped', () => {
  const { run, store, end } = writeRun(mkdtempSync(join(tmpdir(), 'control-')));
  end();
  expect(stopRun(store, run, 'now')).toMatchObject(refusal('it has ended'));
});
