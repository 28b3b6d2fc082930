import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Capacity } from '../../src/schedule/demand.ts';
import {
  type ExpectedJob,
  type ExpectedStage,
  longestPaths,
  lowerBound,
  makespan,
} from '../../src/schedule/expected.ts';

const capacity: Capacity = { cpus: 2, memory: 8e9, gpus: [] };

function job(seconds: number, more: Partial<ExpectedJob['demand']> = {}, round = 0): ExpectedJob {
  return { demand: { cpus: 1, memory: 0, exclusive: false, ...more }, seconds, round, urgent: false };
}

function stage(
  id: string,
  after: readonly string[],
  own: ExpectedJob,
  parts: readonly ExpectedJob[] = [],
): ExpectedStage {
  return { id, after, parts, own };
}

test('stages one after another take the sum of their times', () => {
  const chain = [stage('a', [], job(3)), stage('b', ['a'], job(4)), stage('c', ['b'], job(5))];
  expect(makespan(chain, capacity)).toBe(12);
  expect(lowerBound(chain, capacity)).toBe(12);
});

test('the parts of a stage share the processors, and its own job comes after them', () => {
  const parts = [job(4), job(4), job(4), job(4)];
  expect(makespan([stage('search', [], job(1), parts)], capacity)).toBe(9);
});

test('the longest path goes first, so that the end does not wait for it', () => {
  const stages = [
    stage('short', [], job(0), [job(2), job(2), job(2), job(2)]),
    stage('long', [], job(0), [job(6)]),
    stage('report', ['short', 'long'], job(1)),
  ];
  // In the order of the file the 6 seconds would begin after 4: 10 and 1.
  expect(makespan(stages, capacity)).toBe(9);
  expect(lowerBound(stages, capacity)).toBe(7.5);
});

test('paths lead from the start of a stage to the end of the run', () => {
  const paths = longestPaths([stage('a', [], job(3)), stage('b', ['a'], job(4)), stage('c', ['a'], job(1))], capacity);
  expect([...paths].map(([id, seconds]) => [id, Math.round(seconds)])).toEqual([
    ['c', 1],
    ['b', 4],
    ['a', 7],
  ]);
});

test('jobs that want the machine for themselves add to each other', () => {
  const alone = { exclusive: true };
  const stages = [stage('a', [], job(3, alone)), stage('b', [], job(4, alone)), stage('c', [], job(2))];
  expect(makespan(stages, capacity)).toBe(9);
  expect(lowerBound(stages, capacity)).toBe(8);
});

test('a job that is done already is no hindrance: what is not among the stages is there', () => {
  expect(makespan([stage('b', ['a'], job(2))], capacity)).toBe(2);
});

test('no simulated run is shorter than the lower bound, nor longer than one job after another', () => {
  const jobs = fc.record({
    seconds: fc.integer({ min: 0, max: 20 }),
    cpus: fc.integer({ min: 1, max: 3 }),
    memory: fc.integer({ min: 0, max: 10 }).map((size) => size * 1e9),
    exclusive: fc.boolean(),
  });
  const stages = fc
    .array(
      fc.record({ own: jobs, parts: fc.array(jobs, { maxLength: 6 }), before: fc.array(fc.nat(), { maxLength: 3 }) }),
      {
        minLength: 1,
        maxLength: 12,
      },
    )
    .map((list) =>
      list.map(({ own, parts, before }, index) => {
        const made = ({ seconds, ...demand }: { seconds: number; cpus: number; memory: number; exclusive: boolean }) =>
          job(seconds, demand);
        const after = index === 0 ? [] : [...new Set(before.map((one) => `s${one % index}`))];
        return stage(`s${index}`, after, made(own), parts.map(made));
      }),
    );
  fc.assert(
    fc.property(stages, (list) => {
      const all = list.flatMap(({ parts, own }) => [...parts, own]).reduce((sum, one) => sum + one.seconds, 0);
      const seconds = makespan(list, capacity);
      // The paths count a thousandth of a second for a stage of unknown time.
      expect(seconds).toBeGreaterThanOrEqual(lowerBound(list, capacity) - 0.001 * (list.length + 1));
      expect(seconds).toBeLessThanOrEqual(all);
    }),
    { seed: 5, numRuns: 300 },
  );
});
