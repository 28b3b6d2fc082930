import { expect, test } from 'vitest';
import { arrayState } from '../../src/cluster/array-state.ts';
import { isHopeless, isOver, parseJob } from '../../src/cluster/slurm.ts';

const submit = { id: 'S', run: 'R', count: 2, at: 0, job: '7' };
const job = (index: number, state: string, reason = 'None') => ({ id: `7_${index}`, state, reason, name: 'pipe-S' });
const listed = (...jobs: ReturnType<typeof job>[]) => ({ jobs, at: 60_000 });

test('an array that is not known to have come through counts: it is not handed in twice', () => {
  const { job: _, ...intended } = submit;
  expect(arrayState(intended, [], undefined).coming).toBe(2);
});

test('while the controller is silent all that may come counts', () => {
  expect(arrayState(submit, [], undefined)).toEqual({ coming: 2, lost: [], reasons: [] });
  expect(arrayState(submit, [{ job: '7_0', living: false }], undefined).coming).toBe(1);
});

test('tasks that wait tell why', () => {
  const state = arrayState(submit, [], listed(job(0, 'PENDING', 'Priority'), job(1, 'RUNNING')));
  expect(state).toEqual({ coming: 2, lost: [], reasons: ['Priority'] });
});

test('a task that waited and is gone from the list was taken back: it is lost', () => {
  expect(arrayState(submit, [], listed(job(1, 'RUNNING')))).toEqual({ coming: 1, lost: ['7_0'], reasons: [] });
});

test('a list that is as old as the array itself says nothing yet', () => {
  expect(arrayState(submit, [], { jobs: [], at: 5000 }).coming).toBe(2);
});

test('a pilot that told of itself and has ended is neither coming nor lost', () => {
  const pilots = [{ job: '7_0', living: false }];
  expect(arrayState(submit, pilots, listed(job(0, 'COMPLETED'), job(1, 'FAILED')))).toEqual({
    coming: 0,
    lost: ['7_1'],
    reasons: [],
  });
});

test('a pilot that lives counts, whatever the cluster tells', () => {
  expect(
    arrayState(submit, [{ job: '7_0', living: true }], listed(job(0, 'COMPLETED'), job(1, 'TIMEOUT'))).coming,
  ).toBe(1);
});

test('one that was put back into the queue comes again', () => {
  const pilots = [{ job: '7_0', living: false }];
  expect(arrayState(submit, pilots, listed(job(0, 'PENDING', 'BeginTime'), job(1, 'RUNNING'))).coming).toBe(2);
});

test('lines of squeue are read; what is none is left out', () => {
  expect(parseJob('12_3|PENDING|(Resources)|pipe-S')).toEqual({
    id: '12_3',
    state: 'PENDING',
    reason: '(Resources)',
    name: 'pipe-S',
  });
  expect(parseJob('slurm_load_jobs error: Unable to contact slurm controller')).toBeUndefined();
  expect(parseJob('')).toBeUndefined();
});

test('preempted is no end, nor is a state that nobody knows', () => {
  expect(['PREEMPTED', 'PENDING', 'STAGE_OUT', 'SOMETHING_NEW'].filter(isOver)).toEqual([]);
  expect(['TIMEOUT', 'NODE_FAIL', 'OUT_OF_MEMORY', 'CANCELLED', 'COMPLETED', 'FAILED'].every(isOver)).toBe(true);
});

test('reasons that pass are told from those that never do', () => {
  expect(['Priority', 'Resources', 'BeginTime', 'QOSMaxCpuPerUserLimit'].filter(isHopeless)).toEqual([]);
  const forEver = ['PartitionTimeLimit', '(DependencyNeverSatisfied)', 'JobHeldUser', 'launch failed requeued held'];
  expect(forEver.filter((reason) => !isHopeless(reason))).toEqual([]);
});
