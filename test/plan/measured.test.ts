import { appendFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Job, PlanScope } from '../../src/plan/job.ts';
import { openMeasurements } from '../../src/plan/measured.ts';
import { openStore, type Store } from '../../src/store/store.ts';

const opened: Store[] = [];
afterEach(() => {
  for (const store of opened.splice(0)) store.close();
});

function scopeOf(root = mkdtempSync(join(tmpdir(), 'pipe-measured-'))) {
  const store = openStore(root, () => {});
  if (!store.ok) throw new Error(store.error.message);
  opened.push(store.value);
  const compute = (threads: number) => ({ backend: 'cpu', device: 'cpu', version: '1', architecture: 'x64', threads });
  return { store: store.value, compute, pipeline: { name: 'study' } } as unknown as PlanScope;
}

function fold(units: number, index: number, threads = 1): Job {
  return {
    id: `search fold ${index} units=${units}`,
    stage: 'search',
    kind: { kind: 'fold', computes: true },
    params: { model: { units }, fold: index },
    likeness: { units },
    inputs: {},
    external: { files: {} },
    resources: { cpus: threads },
  } as unknown as Job;
}

test('the first fold of a combination tells of its others, also to a later run', () => {
  const scope = scopeOf();
  openMeasurements(scope).note(fold(32, 0), { seconds: 4, memory: 100 });
  expect(openMeasurements(scope).expect(fold(32, 1))).toEqual({ seconds: 4, memory: 100, exact: true });
});

test('a combination that never ran is expected to be like the others of its stage, with the most memory of them', () => {
  const measurements = openMeasurements(scopeOf());
  measurements.note(fold(32, 0), { seconds: 2, memory: 100 });
  measurements.note(fold(64, 0), { seconds: 6, memory: 300 });
  expect(measurements.expect(fold(128, 0))).toEqual({ seconds: 4, memory: 300, exact: false });
});

test('memory that was needed once stays expected; the time is that of the last one', () => {
  const measurements = openMeasurements(scopeOf());
  measurements.note(fold(32, 0), { seconds: 2, memory: 300, gpuMemory: 7 });
  measurements.note(fold(32, 1), { seconds: 3, memory: 100 });
  expect(measurements.expect(fold(32, 2))).toEqual({ seconds: 3, memory: 300, gpuMemory: 7, exact: true });
});

test('another number of threads is another class', () => {
  const measurements = openMeasurements(scopeOf());
  measurements.note(fold(32, 0), { seconds: 2 });
  expect(measurements.expect(fold(32, 0, 2))?.exact).toBe(false);
});

test('a line that a kill has cut off is skipped', () => {
  const scope = scopeOf();
  openMeasurements(scope).note(fold(32, 0), { seconds: 4 });
  appendFileSync(join(scope.store.layout.memo, 'measured.jsonl'), '{"class":"x","seconds":');
  expect(openMeasurements(scope).expect(fold(32, 1))?.seconds).toBe(4);
});

test('nothing is expected where nothing ran', () => {
  expect(openMeasurements(scopeOf()).expect(fold(32, 0))).toBeUndefined();
});
