import { expect, test } from 'vitest';
import { type Failure, failure } from '../../src/errors/failure.ts';
import type { Job } from '../../src/plan/job.ts';
import type { Measurements } from '../../src/plan/measured.ts';
import type { Allocation } from '../../src/schedule/demand.ts';
import { createNeeds } from '../../src/task/needs.ts';
import { nextTry } from '../../src/task/retry.ts';

const gpu = { id: 'GPU-a', name: 'fake', memory: 16e9, free: 16e9 };
const capacity = { cpus: 4, memory: 8e9, gpus: [gpu] };
const nothingKnown: Measurements = { expect: () => undefined, note: () => {} };

function jobWith(retries: number): Job {
  return {
    kind: { kind: 'fold', computes: true },
    params: { fold: 0 },
    resources: { cpus: 1, gpu: 0.25 },
    execution: { retries, isolate: 'worker' },
  } as unknown as Job;
}

const quarter: Allocation = { cpus: 1, memory: 1e9, gpu, share: 250, wholeGpu: false, exclusive: false };
const whole: Allocation = { ...quarter, share: 1000, wholeGpu: true };

/** What happens to a job that fails again and again in the same way. */
function tries(job: Job, problem: Failure, allocation: Allocation, wasKilled = false) {
  const needs = createNeeds(nothingKnown, true);
  const counts = { deaths: 0, failures: 0 };
  const next = () => nextTry({ needs, capacity, wasKilled: () => wasKilled }, job, problem, allocation, counts);
  return { needs, next };
}

test('a failure is final unless the pipeline asks for retries; then pauses double', () => {
  expect(tries(jobWith(0), failure('stage-threw', 'no'), quarter).next()).toBeUndefined();
  const { next } = tries(jobWith(3), failure('command-failed', 'no network'), quarter);
  expect([next(), next(), next(), next()]).toEqual([
    { reason: 'failed', wait: 1 },
    { reason: 'failed', wait: 2 },
    { reason: 'failed', wait: 4 },
    undefined,
  ]);
});

test('a job whose worker dies is tried twice more, whatever the pipeline says', () => {
  const { next } = tries(jobWith(0), failure('worker-died', 'was killed by SIGSEGV'), quarter);
  expect([next(), next(), next()]).toEqual([{ reason: 'died', wait: 0 }, { reason: 'died', wait: 1 }, undefined]);
});

test.each(['input-changed', 'code-changed', 'interrupted', 'backend-missing'])('%s is never tried again', (code) => {
  expect(tries(jobWith(9), failure(code, 'so it is'), quarter).next()).toBeUndefined();
});

test.each([
  'OOM when allocating tensor with shape[4096,4096]',
  'failed call to cuMemAlloc: CUDA_ERROR_OUT_OF_MEMORY',
  'torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB',
])('"%s": the class gets a larger share of a GPU, without using up retries', (text) => {
  const job = jobWith(0);
  const { needs, next } = tries(job, failure('stage-threw', 'the stage kind broke', { detail: text }), quarter);
  expect(needs.demand(job).gpu).toEqual({ share: 0.25 });
  expect(next()).toEqual({ reason: 'memory', wait: 0 });
  expect(needs.demand(job).gpu).toEqual({ share: 0.375, memory: 6e9 });
});

test('memory that runs out on a whole GPU is an error with the numbers', () => {
  const out = tries(jobWith(5), failure('stage-threw', 'OOM when allocating tensor'), whole).next();
  expect(out).toMatchObject({
    failure: { code: 'out-of-memory', message: expect.stringContaining('16.0 GB, of which 16.0 GB were free') },
  });
  if (out !== undefined && 'failure' in out) expect(out.failure.hint).toContain('does not change the batch size');
});

test('a worker that the system killed for want of memory gets more of it, until there is no more', () => {
  const job = jobWith(0);
  const died = failure('worker-died', 'the worker process was killed by SIGKILL in the middle of the job');
  const { needs, next } = tries(job, died, quarter, true);
  expect(next()).toEqual({ reason: 'memory', wait: 0 });
  expect(needs.demand(job).memory).toBe(1.5e9);
  const all = tries(job, died, { ...quarter, memory: 8e9 }, true).next();
  expect(all).toMatchObject({ failure: { message: expect.stringContaining('8.0 GB of main memory') } });
});
