import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { type ClusterLayout, clusterLayout } from '../../src/cluster/layout.ts';
import { hasOutcome, readOutcome, writeOutcome } from '../../src/cluster/outcome.ts';
import { accountName, pack, parseAccount, tasksFor, unpack } from '../../src/cluster/parcel.ts';
import { openPilotQueue } from '../../src/cluster/pilot-queue.ts';
import { listBatches, type QueuedTask, readBatch, writeBatch } from '../../src/cluster/queued-task.ts';
import { tidyCluster } from '../../src/cluster/tidy-cluster.ts';
import { eventually } from '../../src/cluster/visible.ts';
import { defaultSlurm } from '../../src/pipeline/executor.ts';
import { isDigest } from '../../src/store/layout.ts';
import { sha256 } from '../../src/util/sha256.ts';

let store: string;
let layout: ClusterLayout;

beforeEach(() => {
  store = mkdtempSync(join(tmpdir(), 'pipe-queue-'));
  layout = clusterLayout(store, 'class');
  for (const folder of [layout.tasks, layout.outcomes, layout.ended, layout.pilots, layout.submits])
    mkdirSync(folder, { recursive: true });
});

const task = (name: string, run = 'RUN'): QueuedTask =>
  ({
    name: `${run}.${name}`,
    run,
    attempt: 1,
    task: { id: `job ${name}`, fingerprint: sha256(name) },
    demand: { cpus: 1, memory: 0, exclusive: false },
    order: { urgent: false, path: 0, round: 0, seconds: 0 },
    unmeasuredOnGpu: false,
    log: join(store, 'log'),
    at: 0,
  }) as unknown as QueuedTask;

const put = (batch: string, ...tasks: QueuedTask[]): string =>
  writeBatch(layout, batch, tasks, join(store, 'temporary'));

test('tasks come out of the queue as they went in; lines that are cut off are left out', () => {
  const file = put('RUN.1', task('1'), task('2'));
  appendFileSync(file, '{"name": "RUN.3", "run": "RU');
  expect(readBatch(layout, 'RUN.1.jsonl')).toEqual([task('1'), task('2')]);
  expect(readBatch(layout, 'gone.jsonl')).toEqual([]);
});

test('a pilot sees each task once, and removes a batch when nobody needs anything of it any more', () => {
  put('RUN.1', task('1'), task('2'));
  const queue = openPilotQueue(layout);
  const [first, second] = queue.look();
  expect(queue.look()).toEqual([]);
  put('RUN.2', task('3'));
  expect(queue.look().map(({ name }) => name)).toEqual(['RUN.3']);
  queue.settle(first as QueuedTask);
  expect(listBatches(layout)).toContain('RUN.1.jsonl');
  queue.settle(second as QueuedTask);
  expect(listBatches(layout)).toEqual(['RUN.2.jsonl']);
});

test('the queue is over when all runs that asked for something have ended; one that was cancelled says so', () => {
  put('RUN.1', task('1'));
  put('OTHER.1', task('1', 'OTHER'));
  const queue = openPilotQueue(layout);
  queue.look();
  writeFileSync(layout.endedRun('RUN'), '');
  queue.look();
  expect([queue.isEnded('RUN'), queue.isCancelled('RUN'), queue.isOver()]).toEqual([true, false, false]);
  writeFileSync(layout.endedRun('OTHER'), 'cancelled');
  queue.look();
  expect([queue.isCancelled('OTHER'), queue.isOver()]).toEqual([true, true]);
});

test('a pilot that nobody has asked for anything yet waits; one whose run has ended does not', () => {
  expect(openPilotQueue(layout).isOver()).toBe(false);
  const handedIn = openPilotQueue(layout, 'RUN');
  writeFileSync(layout.endedRun('RUN'), '');
  handedIn.look();
  expect(handedIn.isOver()).toBe(true);
});

test('names that come from elsewhere never leave the folder', () => {
  for (const name of ['../x', '.hidden', 'a/b', '', 'x'.repeat(200)]) expect(() => layout.outcome(name)).toThrow();
});

test('an outcome closes a task and says why', () => {
  const allocation = { cpus: 1, memory: 5, share: 0, wholeGpu: false, exclusive: false };
  const outcome = { name: 'RUN.1', failure: { code: 'x', message: 'broke' }, allocation, killed: true, pilot: 'P' };
  expect(hasOutcome(layout, 'RUN.1')).toBe(false);
  writeOutcome(layout, outcome, join(store, 'temporary'));
  expect(readOutcome(layout, 'RUN.1')).toEqual(outcome);
  writeFileSync(layout.outcome('RUN.2'), '{"name": "RU');
  expect(readOutcome(layout, 'RUN.2')).toBeUndefined();
});

test('a file that a shared file system shows late is waited for', async () => {
  const path = join(store, 'late');
  let asked = 0;
  const found = await eventually(
    () => {
      // It comes while somebody waits: after the third question.
      const isThere = existsSync(path);
      if (++asked === 3) writeFileSync(path, '');
      return isThere ? 'there' : undefined;
    },
    () => [path],
    new AbortController().signal,
  );
  expect(found).toBe('there');
  expect(asked).toBe(4);
});

test('patience ends, and so does waiting that nobody wants any more', async () => {
  const never = (): undefined => undefined;
  expect(await eventually(never, () => [join(store, 'no', 'where')], new AbortController().signal, 50)).toBeUndefined();
  expect(await eventually(never, () => [], AbortSignal.abort())).toBeUndefined();
});

test('a parcel comes out as it went in, and each pilot has its part of the tasks', () => {
  const tasks = ['1', '2', '3', '4', '5'].map((name) => task(name));
  const { pilots: _, most: __, ...spec } = defaultSlurm;
  const parcel = { spec, remote: '/mnt/$(touch x)/`y`', pilots: 2, tasks, sizes: { a: 1 } };
  const text = pack(parcel);
  expect(text).toMatch(/^[A-Za-z0-9+/=\n]+$/);
  expect(unpack(text)).toEqual(parcel);
  expect([0, 1].map((index) => tasksFor(parcel, index).length)).toEqual([3, 2]);
  expect(isDigest(accountName('RUN.1'))).toBe(true);
  expect(parseAccount('{"lines": 3}')).toBeUndefined();
});

test('what dead runs and pilots left long ago is removed; what is new, or lives, stays', () => {
  const old = new Date('2020-01-01');
  const make = (folder: string, name: string, time?: Date): void => {
    writeFileSync(join(folder, name), '');
    if (time !== undefined) utimesSync(join(folder, name), time, time);
  };
  make(layout.outcomes, 'OLD.1.json', old);
  make(layout.outcomes, 'LIVING.1.json', old);
  make(layout.ended, 'NEW');
  tidyCluster(layout, { isLiving: (name) => name === 'LIVING' }, Date.now());
  expect(readdirSync(layout.outcomes)).toEqual(['LIVING.1.json']);
  expect(readdirSync(layout.ended)).toEqual(['NEW']);
  rmSync(store, { recursive: true });
});
