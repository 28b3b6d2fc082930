import { expect, test } from 'vitest';
import type { RunEvent, UntimedEvent } from '../../src/events/event.ts';
import { traceOf } from '../../src/history/trace.ts';

const failure = { code: 'worker-died', message: 'the worker died' };
const started = (job: string, worker: number, attempt = 1): UntimedEvent => ({
  type: 'job-started',
  stage: 'search[cnn]',
  job,
  fingerprint: 'f',
  attempt,
  worker,
  waited: 0.5,
  cpus: 1,
  exclusive: false,
});
const finished = (job: string, seconds: number, cached = false): UntimedEvent => ({
  type: 'job-finished',
  stage: 'search[cnn]',
  job,
  fingerprint: 'f',
  seconds,
  cached,
  score: 0.5,
});

const begun: UntimedEvent = {
  type: 'run-started',
  run: 'R',
  pipeline: 'study',
  file: 'f',
  profile: 'default',
  params: {},
  store: 's',
  workers: 2,
  backend: 'native',
  pid: 1,
  host: 'h',
};

function trace(...events: readonly (readonly [number, UntimedEvent])[]) {
  return traceOf(events.map(([at, event]) => ({ at, ...event }) as RunEvent)).traceEvents;
}

test('each job is a span in the lane of its worker, as long as its work: publishing is not part of it', () => {
  const spans = trace(
    [1000, begun],
    [1000, { type: 'worker-started', worker: 3, pid: 77, threads: 1, gpu: 'GPU-a' }],
    [1010, { type: 'stage-started', stage: 'search[cnn]', jobs: 1, cachedJobs: 0 }],
    [1100, started('fold 1', 3)],
    [1400, finished('fold 1', 0.25)],
    [1500, { type: 'stage-finished', stage: 'search[cnn]', status: 'done', outputs: {} }],
  ).filter(({ ph }) => ph === 'X');
  expect(spans).toMatchObject([
    { name: 'fold 1', cat: 'job', ts: 100_000, dur: 250_000, tid: 4, args: { score: 0.5, waited: 0.5, attempt: 1 } },
    { name: 'search[cnn]', cat: 'stage', ts: 10_000, dur: 490_000 },
  ]);
});

test('lanes have names: workers with their GPU, stages', () => {
  const names = trace(
    [0, begun],
    [0, { type: 'worker-started', worker: 1, pid: 77, threads: 1, gpu: 'GPU-a' }],
    [0, { type: 'stage-started', stage: 'split', jobs: 1, cachedJobs: 0 }],
  ).flatMap(({ name, args }) => (name === 'thread_name' ? [args?.['name']] : []));
  expect(names).toEqual(['run', 'worker 1 on GPU-a', 'split']);
});

test('a try that was in vain is a span of its own with its cause, and an instant', () => {
  const events = trace(
    [0, begun],
    [0, started('fold 1', 1)],
    [200, { type: 'job-retried', stage: 'search[cnn]', job: 'fold 1', failure, reason: 'died', attempt: 2, wait: 0 }],
    [300, started('fold 1', 2, 2)],
    [500, finished('fold 1', 0.2)],
  );
  expect(events.filter(({ ph }) => ph === 'X')).toMatchObject([
    { dur: 200_000, tid: 2, args: { failure: 'the worker died' } },
    { dur: 200_000, tid: 3, args: { attempt: 2 } },
  ]);
  expect(events.find(({ name }) => name === 'fold 1 tried again: died')).toMatchObject({ ph: 'i', tid: 2 });
});

test('what was cached is an instant, and the load is a counter', () => {
  const events = trace(
    [0, begun],
    [5, { type: 'stage-started', stage: 'search[cnn]', jobs: 1, cachedJobs: 1 }],
    [5, finished('search[cnn]', 40, true)],
    [9, { type: 'machine', cpus: 1.5, memory: 7, gpus: [{ id: 'GPU-a', use: 0.5, memory: 3 }] }],
  );
  expect(events.find(({ name }) => name === 'search[cnn] cached')).toMatchObject({ ph: 'i' });
  expect(events.filter(({ ph }) => ph === 'C').map(({ name, args }) => [name, args])).toEqual([
    ['CPU cores', { used: 1.5 }],
    ['memory', { bytes: 7 }],
    ['GPU 0', { use: 0.5, bytes: 3 }],
  ]);
});

test('a job of a run that was killed is drawn up to what is known', () => {
  const spans = trace([0, begun], [100, started('fold 1', 1)], [900, { type: 'notice', level: 'note', text: 'x' }]);
  expect(spans.filter(({ ph }) => ph === 'X')).toMatchObject([
    { ts: 100_000, dur: 800_000, args: { unfinished: true } },
  ]);
});
