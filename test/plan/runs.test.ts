import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findRun, readRun, runIds } from '../../src/plan/runs.ts';
import { storeLayout } from '../../src/store/layout.ts';
import { pinRun } from '../../src/store/pins.ts';
import { ulid } from '../../src/util/ulid.ts';

const fingerprint = 'a'.repeat(64);

/** A store with runs of these times; each leaves what `leave` says. */
function storeWith(times: readonly number[], leave: (folder: string) => void = () => {}) {
  const layout = storeLayout(mkdtempSync(join(tmpdir(), 'pipe-runs-')));
  for (const folder of [layout.pins, layout.temporary]) mkdirSync(folder, { recursive: true });
  const ids = times.map((time) => ulid(time));
  for (const id of ids) {
    mkdirSync(layout.run(id), { recursive: true });
    leave(layout.run(id));
  }
  return { layout, ids };
}

test('runs are found by their place from the newest, by name, by an end of it, and by a pin', () => {
  const { layout, ids } = storeWith([1000, 3000, 2000]);
  const [oldest = '', newest = '', middle = ''] = ids;
  pinRun(layout, 'baseline', oldest, join(layout.temporary, 'x'));
  expect(runIds(layout)).toEqual([newest, middle, oldest]);
  const found = ['@1', '2', '@3', middle, middle.slice(-8).toLowerCase(), 'baseline', '@baseline'].map((reference) => {
    const run = findRun(layout, reference);
    return run.ok ? run.value : run.error.message;
  });
  expect(found).toEqual([newest, middle, oldest, middle, middle, oldest, oldest]);
});

test.each([
  ['@4', 'there is no run @4: the store has 3'],
  ['nothing', 'there is no run "nothing"'],
  ['0000000', '"0000000" fits 3 runs'],
  ['../..', 'there is no run "../.."'],
])('%s is no run', (reference, message) => {
  const { layout } = storeWith([1000, 3000, 2000]);
  expect(findRun(layout, reference)).toMatchObject({ ok: false, error: { message } });
});

test('a run that was killed is told by its journal, as far as that goes', () => {
  const lines = [
    { at: 1, type: 'run-started', run: 'x', pipeline: 'study', file: '/p.yaml', profile: 'default', params: { a: 1 } },
    { at: 2, type: 'job-finished', stage: 'search', job: 'search fold 1', fingerprint: 'b'.repeat(64), cached: false },
    { at: 3, type: 'job-finished', stage: 'split', job: 'split', fingerprint, cached: false },
    { at: 4, type: 'job-finished', stage: 'bad', job: 'bad', fingerprint: '../x', cached: true },
  ];
  const text = `${lines.map((line) => JSON.stringify(line)).join('\n')}\n{"at":5,"type":"job-fin`;
  const { layout, ids } = storeWith([1000], (folder) => writeFileSync(join(folder, 'journal.jsonl'), text));
  const run = readRun(layout, ids[0] as string);
  expect(run).toMatchObject({ pipeline: 'study', status: 'killed', params: { a: 1 }, started: 1000 });
  expect([...(run?.stages ?? [])]).toEqual([['split', { fingerprint, status: 'done' }]]);
});

test('a run that left nothing is none', () => {
  const { layout, ids } = storeWith([1000]);
  expect(readRun(layout, ids[0] as string)).toBeUndefined();
});
