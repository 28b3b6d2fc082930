import { expect, test } from 'vitest';
import type { RunEvent, UntimedEvent } from '../../src/events/event.ts';
import { traceOf } from '../../src/history/trace.ts';
import type { TraceEvent } from '../../src/history/trace-lanes.ts';
import { createRandom } from '../../src/util/random.ts';

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
    ['GPU 0 use', { use: 0.5 }],
    ['GPU 0 memory', { bytes: 3 }],
  ]);
});

test('a job of a run that was killed is drawn up to what is known', () => {
  const spans = trace([0, begun], [100, started('fold 1', 1)], [900, { type: 'notice', level: 'note', text: 'x' }]);
  expect(spans.filter(({ ph }) => ph === 'X')).toMatchObject([
    { ts: 100_000, dur: 800_000, args: { unfinished: true } },
  ]);
});

/** What the Trace Event Format asks for: known phases, times, pairs of begin and end, and spans of a lane that do not cross. */
function expectSound(events: readonly TraceEvent[]): void {
  const open = new Map<string, number>();
  const lanes = new Map<number, TraceEvent[]>();
  for (const event of events) {
    const { ph, ts, pid, tid, dur = 0, cat, id, name } = event;
    expect(['X', 'b', 'e', 'i', 'C', 'M']).toContain(ph);
    for (const number of [ts, pid, tid, dur]) expect(Number.isInteger(number) && number >= 0).toBe(true);
    if (ph === 'X') lanes.set(tid, [...(lanes.get(tid) ?? []), event]);
    const pair = `${cat} ${id} ${name}`;
    if (ph === 'b') open.set(pair, ts);
    if (ph === 'e') {
      expect(ts).toBeGreaterThanOrEqual(open.get(pair) ?? Number.NaN);
      open.delete(pair);
    }
  }
  expect([...open.keys()]).toEqual([]);
  for (const spans of lanes.values()) {
    const sorted = spans.toSorted((one, other) => one.ts - other.ts);
    for (const [index, { ts }] of sorted.entries()) {
      const before = sorted[index - 1];
      if (before !== undefined) expect(ts).toBeGreaterThanOrEqual(before.ts + (before.dur ?? 0));
    }
  }
}

test('waiting, publishing and setting up are spans of their own', () => {
  const events = trace(
    [0, begun],
    [10, { type: 'set-up', step: 'download' }],
    [20, { type: 'set-up', step: 'compile' }],
    [50, { type: 'set-up', step: '' }],
    [100, { type: 'job-waiting', stage: 'search[cnn]', job: 'fold 2', run: 'R2', pid: 7, host: 'h' }],
    [600, started('fold 1', 1)],
    [1000, finished('fold 1', 0.25)],
    [1200, finished('fold 2', 3, true)],
  );
  expectSound(events);
  const spans = events.flatMap(({ ph, name, ts, dur }) => (ph === 'X' ? [[name, ts / 1000, (dur ?? 0) / 1000]] : []));
  expect(spans).toEqual([
    ['set up: download', 10, 10],
    ['set up: compile', 20, 30],
    ['fold 1', 600, 250],
  ]);
  const beside = events.flatMap(({ ph, name, ts }) => (ph === 'b' || ph === 'e' ? [[ph, name, ts / 1000]] : []));
  expect(beside).toEqual([
    ['b', 'fold 1: wait', 100],
    ['e', 'fold 1: wait', 600],
    ['b', 'fold 1: publish', 850],
    ['e', 'fold 1: publish', 1000],
    ['b', 'fold 2: made by another run', 100],
    ['e', 'fold 2: made by another run', 1200],
  ]);
});

test('a job that is published while its worker does the next one does not cross it', () => {
  const events = trace(
    [0, begun],
    [0, started('fold 1', 1)],
    // The clock of the journal has whole milliseconds: the work seems to end after the next job began.
    [100, started('fold 2', 1)],
    [130, finished('fold 1', 0.1009)],
    [180, finished('fold 2', 0.08)],
  );
  expectSound(events);
  expect(events.filter(({ ph }) => ph === 'X')).toMatchObject([{ dur: 100_000 }, { ts: 100_000, dur: 80_000 }]);
});

test('jobs of a version that did not tell the worker stand side by side', () => {
  const events = trace([0, begun], [0, started('a', 0)], [10, started('b', 0)], [50, finished('a', 0.05)]);
  expectSound(events);
  const lanes = events.filter(({ ph }) => ph === 'X').map(({ name, tid }) => [name, tid]);
  expect(lanes).toEqual([
    ['a', 500_000],
    ['b', 500_001],
  ]);
});

test('a run with hundreds of jobs over some workers gives a sound trace, the same each time', () => {
  const random = createRandom(7);
  const free = [0, 0, 0];
  const events: [number, UntimedEvent][] = [[0, begun]];
  for (let job = 0; job < 300; job++) {
    const worker = free.indexOf(Math.min(...free));
    const begin = free[worker] ?? 0;
    const seconds = random.uniform() / 10;
    free[worker] = begin + seconds * 1000;
    events.push([Math.floor(begin), started(`fold ${job}`, worker + 1)]);
    events.push([Math.floor(begin + seconds * 1000 + random.uniform() * 50), finished(`fold ${job}`, seconds)]);
  }
  events.sort(([one], [other]) => one - other);
  expectSound(trace(...events));
  expect(trace(...events)).toEqual(trace(...events));
});

test('a journal without a whole line is an empty trace', () => {
  expect(traceOf([])).toEqual({ traceEvents: [], displayTimeUnit: 'ms' });
});
