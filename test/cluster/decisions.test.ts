import { expect, test } from 'vitest';
import { afterDeath, afterFailure, movesAtMost } from '../../src/cluster/decisions.ts';
import { outOfTime } from '../../src/cluster/outcome.ts';
import { failure } from '../../src/errors/failure.ts';
import type { Job } from '../../src/plan/job.ts';
import type { Measurements } from '../../src/plan/measured.ts';
import { createNeeds } from '../../src/task/needs.ts';

const gibibyte = 2 ** 30;
const nothingKnown: Measurements = { expect: () => undefined, note: () => {} };
const job = {
  kind: { kind: 'fold', computes: true },
  params: { fold: 0 },
  resources: { cpus: 1 },
  execution: { retries: 0, isolate: 'worker' },
} as unknown as Job;
const allocation = { cpus: 1, memory: gibibyte, share: 0, wholeGpu: false, exclusive: false };

function setting() {
  const bounds = { needs: createNeeds(nothingKnown, false), most: { time: 4000, memory: 4 * gibibyte } };
  return { bounds, attempt: { job, allocation, pilotTime: 1000, tries: { deaths: 0, failures: 0 } } };
}

test('a job that fails by itself fails, unless the pipeline says otherwise', () => {
  const { bounds, attempt } = setting();
  const broke = failure('stage-threw', 'it broke');
  const decision = afterFailure({ ...attempt, failure: broke, killed: false }, bounds);
  expect(decision).toEqual({ type: 'fail', failure: broke });
});

test('time that was up is doubled, up to the bound, then told with what would help', () => {
  const { bounds, attempt } = setting();
  const late = { failure: failure(outOfTime, 'late'), killed: false };
  const again = (pilotTime: number) => afterFailure({ ...attempt, ...late, pilotTime }, bounds);
  expect(again(1000)).toEqual({ type: 'again', reason: 'timeout', wait: 0, pilotTime: 2000 });
  expect(again(3000)).toMatchObject({ pilotTime: 4000 });
  const end = again(4000);
  expect(end.type === 'fail' ? end.failure.hint : '').toMatch(/most: {time/);
});

test('memory that ran out gives the job more, until it has all that it may have', () => {
  const { bounds, attempt } = setting();
  const killed = { failure: failure('worker-died', 'the worker process was killed by SIGKILL'), killed: true };
  const first = afterFailure({ ...attempt, ...killed }, bounds);
  expect(first).toEqual({ type: 'again', reason: 'memory', wait: 0 });
  expect(bounds.needs.demand(job).memory).toBe(1.5 * gibibyte);
  const all = { ...allocation, memory: 4 * gibibyte };
  const last = afterFailure({ ...attempt, ...killed, allocation: all }, bounds);
  expect(last.type === 'fail' ? last.failure.code : '').toBe('out-of-memory');
});

test.each(['NODE_FAIL', 'PREEMPTED', 'PENDING', 'CANCELLED', 'BOOT_FAIL'])(
  'a pilot that ended with %s costs its job nothing: it stays in the queue',
  (state) => {
    const { bounds, attempt } = setting();
    const death = afterDeath({ ...attempt, pilot: 'on n1', moves: 0 }, state, bounds);
    expect(death.type).toBe('stay');
    expect(death.why.message).toContain(state);
    expect(attempt.tries).toEqual({ deaths: 0, failures: 0 });
  },
);

test('a job whose nodes are taken away again and again ends one day', () => {
  const { bounds, attempt } = setting();
  expect(afterDeath({ ...attempt, pilot: 'on n1', moves: movesAtMost }, 'NODE_FAIL', bounds).type).toBe('fail');
});

test('a pilot that Slurm killed for its memory or its time gives its jobs more', () => {
  const { bounds, attempt } = setting();
  const death = (state: string) => afterDeath({ ...attempt, pilot: 'on n1', moves: 0 }, state, bounds);
  expect(death('OUT_OF_MEMORY')).toMatchObject({ type: 'again', reason: 'memory' });
  expect(death('TIMEOUT')).toMatchObject({ type: 'again', reason: 'timeout', pilotTime: 2000 });
});

test('a job that kills every pilot ends after two more', () => {
  const { bounds, attempt } = setting();
  const death = () => afterDeath({ ...attempt, pilot: 'on n1', moves: 0 }, undefined, bounds).type;
  expect([death(), death(), death()]).toEqual(['again', 'again', 'fail']);
});
