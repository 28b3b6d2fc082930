import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { UntimedEvent } from '../../src/events/event.ts';
import { jobsOfRun } from '../../src/history/run-jobs.ts';
import type { JobRecord } from '../../src/store/record.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { ulid } from '../../src/util/ulid.ts';

const fingerprint = 'ab'.repeat(32);

function storeWith(events: readonly object[]): { readonly store: Store; readonly run: string; readonly logs: string } {
  const opened = openStore(join(mkdtempSync(join(tmpdir(), 'pipe-jobs-')), 'store'), () => {});
  if (!opened.ok) throw new Error(opened.error.message);
  const run = ulid();
  const folder = opened.value.layout.run(run);
  mkdirSync(join(folder, 'logs'), { recursive: true });
  writeFileSync(
    join(folder, 'journal.jsonl'),
    events.map((event) => `${JSON.stringify({ at: 1, ...event })}\n`).join(''),
  );
  return { store: opened.value, run, logs: join(folder, 'logs') };
}

const failed = (log: string): UntimedEvent => ({
  type: 'job-failed',
  stage: 'fit',
  job: 'fit',
  failure: { code: 'x', message: 'it broke' },
  log,
});
const cached = (name: string): object => ({
  type: 'job-finished',
  stage: 'fit',
  job: 'fit',
  fingerprint: name,
  seconds: 1,
  cached: true,
});

test('logs are found where the store lies now, not where it lay', () => {
  const { store, run, logs } = storeWith([failed('/somewhere/else/runs/R/logs/fit.log')]);
  expect(jobsOfRun(store, run)[0]).not.toHaveProperty('log');
  writeFileSync(join(logs, 'fit.log'), 'text');
  expect(jobsOfRun(store, run)).toMatchObject([{ status: 'failed', log: join(logs, 'fit.log') }]);
});

test.each(['/etc/passwd', '..', '.', '../../../secret'])(
  'a record cannot name a file outside of the logs: %s',
  (log) => {
    const { store, run } = storeWith([cached(fingerprint)]);
    const record = {
      format: 2,
      fingerprint,
      tree: {},
      job: 'fit',
      seconds: 1,
      run,
      log,
      outputs: {},
    } as unknown as JobRecord;
    const told: Store = { ...store, readRecord: () => record };
    expect(jobsOfRun(told, run)).toEqual([
      { job: 'fit', stage: 'fit', status: 'cached', attempts: 0, seconds: 1, fingerprint },
    ]);
  },
);

test('a journal with fingerprints of another form lists its jobs all the same', () => {
  const { store, run } = storeWith([cached('of-an-older-format')]);
  expect(jobsOfRun(store, run)).toMatchObject([{ job: 'fit', status: 'cached' }]);
});
