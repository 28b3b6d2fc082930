import { expect, test } from 'vitest';
import type { RunEvent, UntimedEvent } from '../../src/events/event.ts';
import { advance, initialState } from '../../src/terminal/state.ts';
import { runSecondsLeft } from '../../src/terminal/time-left.ts';

const expected = { type: 'expected', seconds: 100, lowerBound: 90, work: 200, jobs: 20, unknownJobs: 0 } as const;
const started = (job: string, seconds: number): UntimedEvent => ({
  type: 'job-started',
  stage: 'search',
  job,
  fingerprint: 'f',
  attempt: 1,
  worker: 1,
  waited: 0,
  cpus: 1,
  exclusive: false,
  expected: seconds,
});
const finished = (job: string, seconds: number): UntimedEvent => ({
  type: 'job-finished',
  stage: 'search',
  job,
  fingerprint: 'f',
  seconds,
  cached: false,
});

function stateAfter(...events: (UntimedEvent & { readonly at?: number })[]) {
  const state = initialState(['search']);
  for (const event of events) advance(state, { at: 0, ...event } as RunEvent);
  return state;
}

test('without past timings of all jobs nothing is promised', () => {
  expect(runSecondsLeft(stateAfter(), 5000)).toBeUndefined();
  expect(runSecondsLeft(stateAfter({ ...expected, unknownJobs: 1 }), 5000)).toBeUndefined();
});

test('at the beginning it is what was expected, less what has passed', () => {
  expect(runSecondsLeft(stateAfter(expected), 10_000)).toBe(90);
});

test('a run at the expected pace has the rest of the expectation left', () => {
  const state = stateAfter(expected, started('a', 100), { ...finished('a', 100), at: 50_000 });
  expect(runSecondsLeft(state, 50_000)).toBeCloseTo(50, 6);
});

test('a run that is half as fast has more left, the more surely the further it is', () => {
  const state = stateAfter(expected, started('a', 100), { ...finished('a', 190), at: 100_000 });
  expect(runSecondsLeft(state, 100_000)).toBeCloseTo(75, 6);
});

test('a job that tells nothing of itself counts by the clock, and is never quite done', () => {
  const state = stateAfter(expected, started('a', 200));
  expect(runSecondsLeft(state, 1_000_000)).toBeGreaterThan(0);
});

test('without past timings the slowest stage counts, once all that are left run and each tells', () => {
  const begin = (stage: string): UntimedEvent[] => [
    { type: 'stage-started', stage, jobs: 4, cachedJobs: 0 },
    { ...started('a', 0), stage } as UntimedEvent,
  ];
  const state = initialState(['fit', 'search']);
  const tell = (at: number, ...events: UntimedEvent[]) => {
    for (const event of events) advance(state, { at, ...event } as RunEvent);
  };
  tell(0, ...begin('search'));
  tell(10_000, finished('b', 1));
  expect(runSecondsLeft(state, 10_000)).toBeUndefined();
  tell(10_000, ...begin('fit'));
  expect(runSecondsLeft(state, 11_000)).toBeUndefined();
  tell(20_000, { ...finished('b', 1), stage: 'fit' } as UntimedEvent);
  expect(runSecondsLeft(state, 20_000)).toBeCloseTo(60, 6);
});
