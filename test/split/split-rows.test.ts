import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type SplitRequest, splitRows } from '../../src/split/split-rows.ts';

function labelsOf(rows: number, classes: number): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => (row * row) % classes);
}

const request: SplitRequest = {
  test: 0.2,
  validation: 0.25,
  folds: 3,
  stratify: true,
  labels: labelsOf(1000, 7),
  partition: [],
  seed: 5,
};

function count<Value>(values: Iterable<Value>): Map<Value, number> {
  const counts = new Map<Value, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function made(over: Partial<SplitRequest> = {}) {
  const result = splitRows({ ...request, ...over });
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

test('every row has one role, folds cover exactly the training rows, and sizes are as asked', () => {
  const { role, fold } = made();
  expect(Object.fromEntries(count(role))).toEqual({ test: 200, validation: 200, train: 600 });
  expect(role.map((name) => name === 'train')).toEqual(Array.from(fold, (one) => one >= 0));
  expect([...count(fold).entries()].filter(([key]) => key >= 0).map(([, size]) => size)).toEqual([200, 200, 200]);
});

test('stratified parts keep the share of each class to within one row', () => {
  const { role, fold } = made();
  for (let label = 0; label < 7; label++) {
    const rows = Array.from(request.labels).flatMap((own, row) => (own === label ? [row] : []));
    const tests = rows.filter((row) => role[row] === 'test').length;
    expect(Math.abs(tests - rows.length * 0.2)).toBeLessThanOrEqual(1);
    const perFold = [0, 1, 2].map((one) => rows.filter((row) => fold[row] === one).length);
    expect(Math.max(...perFold) - Math.min(...perFold)).toBeLessThanOrEqual(1);
  }
});

test('the same seed gives the same split, another seed another one', () => {
  expect(made()).toEqual(made());
  expect(made({ seed: 6 }).role).not.toEqual(made().role);
});

test('all rows of a writer stay in one part and one fold', () => {
  fc.assert(
    fc.property(fc.integer({ min: 10, max: 40 }), fc.integer({ min: 0, max: 1000 }), (writers, seed) => {
      const groups = Int32Array.from({ length: 400 }, (_, row) => (row * 7919) % writers);
      const { role, fold } = made({ labels: labelsOf(400, 5), groups, seed });
      const parts = new Map<number, Set<string>>();
      groups.forEach((writer, row) => {
        const seen = parts.get(writer) ?? new Set();
        parts.set(writer, seen.add(`${role[row]}/${fold[row]}`));
      });
      for (const seen of parts.values()) expect(seen.size).toBe(1);
    }),
    { seed: 1, numRuns: 50 },
  );
});

test("the source's own test partition can be taken", () => {
  const partition = Array.from({ length: 1000 }, (_, row) => (row < 900 ? 'train' : 'test'));
  const { role } = made({ test: 'partition', partition });
  expect(role.slice(900).every((name) => name === 'test')).toBe(true);
  expect(role.slice(0, 900).includes('test')).toBe(false);
});

test.each([
  [{ test: 999 }, 'split-size'],
  [{ test: 'partition', partition: new Array<string>(1000).fill('train') }, 'split-partition'],
  [{ groups: new Int32Array(1000), test: 0, validation: 0 }, 'split-folds'],
] as const)('%o cannot be split', (over, code) => {
  expect(splitRows({ ...request, ...over })).toMatchObject({ ok: false, error: { code } });
});
