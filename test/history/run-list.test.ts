import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listRuns } from '../../src/history/run-list.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { ulid } from '../../src/util/ulid.ts';

function emptyStore(): Store {
  const opened = openStore(join(mkdtempSync(join(tmpdir(), 'pipe-runs-')), 'store'), () => {});
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

function leave(store: Store, time: number, lines: readonly string[]): string {
  const id = ulid(time);
  mkdirSync(store.layout.run(id), { recursive: true });
  writeFileSync(join(store.layout.run(id), 'journal.jsonl'), lines.join('\n'));
  return id;
}

const begin = (pipeline: string, more: object = {}): string =>
  JSON.stringify({ at: 1, type: 'run-started', run: 'R', pipeline, profile: 'p', ...more });
const end = JSON.stringify({ at: 9, type: 'run-finished', status: 'done', seconds: 3, jobsRun: 2 });

test('the newest comes first; the number of a run counts all of them, as @2 does', () => {
  const store = emptyStore();
  const first = leave(store, 1000, [begin('a'), end, '']);
  leave(store, 2000, [begin('b'), end, '']);
  const third = leave(store, 3000, [begin('a'), '{"at":2,"type":"job-sta']);
  expect(listRuns(store, 9, 'a').map(({ number, id, status, seconds }) => [number, id, status, seconds])).toEqual([
    [1, third, 'killed', undefined],
    [3, first, 'done', 3],
  ]);
  expect(listRuns(store, 1)).toHaveLength(1);
});

test('a run with parameters longer than the piece that is read first is listed', () => {
  const store = emptyStore();
  leave(store, 1000, [begin('long', { params: { text: 'x'.repeat(100_000) } }), end, '']);
  expect(listRuns(store, 9)).toMatchObject([{ pipeline: 'long', status: 'done' }]);
});

test('a folder without a journal is no run', () => {
  const store = emptyStore();
  mkdirSync(store.layout.run(ulid()), { recursive: true });
  leave(store, 1000, ['']);
  expect(listRuns(store, 9)).toEqual([]);
});
