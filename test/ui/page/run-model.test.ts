import { expect, test } from 'vitest';
import type { RunEvent, UntimedEvent } from '../../../src/events/event.ts';
import { emptyRun, end, type RunModel, take, takeParts } from '../../../src/ui/page/run-model.ts';

/** A run that is known from these events, a second between any two. */
function modelOf(...events: readonly UntimedEvent[]): RunModel {
  const model = emptyRun();
  for (const [index, event] of events.entries()) take(model, { at: 1000 * index, ...event } as RunEvent);
  return model;
}

const [stage, job] = ['search', 'search fold 1/2 a=1'];
const started: UntimedEvent = {
  type: 'job-started',
  stage,
  job,
  fingerprint: 'f',
  attempt: 1,
  worker: 2,
  waited: 0,
  cpus: 1,
  exclusive: false,
};
const epoch = (number: number, accuracy: number): UntimedEvent => ({
  type: 'job-progress',
  stage,
  job,
  progress: { fraction: number / 4, score: accuracy, epoch: { epoch: number, accuracy } },
});
const failure = { code: 'x', message: 'no' };

test('a curve grows epoch by epoch; one that is told twice is drawn once', () => {
  const model = modelOf(started, epoch(1, 0.25), epoch(2, 0.5), epoch(2, 0.5), epoch(1, 0.25));
  expect(model.jobs.get(job)?.points).toEqual([
    { epoch: 1, accuracy: 0.25 },
    { epoch: 2, accuracy: 0.5 },
  ]);
});

test('a job that is tried again begins its curve anew', () => {
  const retried: UntimedEvent = { type: 'job-retried', stage, job, failure, reason: 'failed', attempt: 2, wait: 1 };
  const model = modelOf(started, epoch(1, 0.25), retried);
  expect(model.jobs.get(job)).toMatchObject({ status: 'retrying', attempt: 2, failure });
  take(model, { at: 9000, ...started, attempt: 2 } as RunEvent);
  expect(model.jobs.get(job)).toMatchObject({ status: 'running', points: [] });
});

test('what ran when the run ended has stopped; what had ended stays as it was', () => {
  const done: UntimedEvent = {
    type: 'job-finished',
    stage,
    job: 'search fold 2/2 a=1',
    fingerprint: 'g',
    seconds: 3,
    cached: false,
    score: 0.5,
  };
  const model = modelOf(started, done);
  end(model);
  expect([...model.jobs.values()].map(({ status }) => status)).toEqual(['stopped', 'done']);
  expect(model.over).toBe(true);
});

test('jobs of a stage that was found in the store are filled in, and do not replace what the run told itself', () => {
  const model = modelOf(started);
  takeParts(model, stage, [
    { job, fingerprint: 'old', score: 0.1 },
    { job: 'search fold 2/2 a=1', fingerprint: 'h', score: 0.7 },
  ]);
  expect([...model.jobs.values()].map(({ status, score }) => [status, score])).toEqual([
    ['running', undefined],
    ['cached', 0.7],
  ]);
});

test('hours of looks at the machine are thinned out and stay in their order', () => {
  const model = modelOf(
    ...Array.from(
      { length: 5000 },
      (_, index): UntimedEvent => ({ type: 'machine', cpus: index, memory: 0, gpus: [] }),
    ),
  );
  const times = model.machine.map(({ at }) => at);
  expect(times.length).toBeLessThanOrEqual(720);
  expect(times).toEqual([...times].sort((one, other) => one - other));
  expect(times.at(-1)).toBe(4_999_000);
});
