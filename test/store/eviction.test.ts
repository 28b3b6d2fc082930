import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseEvictions, type Holding, orphans } from '../../src/store/eviction.ts';
import type { JobRecord } from '../../src/store/record.ts';

const day = 24 * 60 * 60 * 1000;
const now = 1000 * day;

function holding(name: string, seconds: number, digests: readonly string[], used = now): Holding {
  const outputs = Object.fromEntries(digests.map((digest, index) => [`o${index}`, { digest }]));
  return { record: { fingerprint: name, seconds, outputs } as unknown as JobRecord, used };
}

function evict(
  holdings: readonly Holding[],
  sizes: Record<string, number>,
  limit: number,
  keep: readonly string[] = [],
) {
  const total = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  const options = { total, limit, keep: new Set(keep), now };
  return chooseEvictions(holdings, new Map(Object.entries(sizes)), options).map(({ record }) => record.fingerprint);
}

test('what is cheapest to make again per byte goes first, and no more than is needed', () => {
  const holdings = [holding('slow', 100, ['a']), holding('quick', 1, ['b']), holding('small', 1, ['c'])];
  const sizes = { a: 100, b: 100, c: 10 };
  expect(evict(holdings, sizes, 150)).toEqual(['quick']);
  expect(evict(holdings, sizes, 105)).toEqual(['quick', 'small']);
  expect(evict(holdings, sizes, 210)).toEqual([]);
});

test('what nobody used for long loses its worth', () => {
  const holdings = [holding('old', 100, ['a'], now - 365 * day), holding('new', 2, ['b'])];
  expect(evict(holdings, { a: 100, b: 100 }, 150)).toEqual(['old']);
});

test('an artifact that two records share is freed when both are gone', () => {
  const holdings = [holding('one', 1, ['shared']), holding('two', 1, ['shared']), holding('dear', 50, ['own'])];
  expect(evict(holdings, { shared: 100, own: 10 }, 20)).toEqual(['one', 'two']);
});

test('what must be kept is kept, also what it shares', () => {
  const holdings = [holding('pinned', 0.1, ['a']), holding('other', 5, ['a', 'b'])];
  expect(evict(holdings, { a: 100, b: 10 }, 0, ['pinned'])).toEqual(['other']);
});

test('the limit is held whenever it can be, nothing kept is ever chosen, and nothing goes without need', () => {
  const digests = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { minLength: 1, maxLength: 3 });
  const job = fc.record({
    seconds: fc.integer({ min: 0, max: 100 }),
    digests,
    age: fc.integer({ min: 0, max: 400 }),
    kept: fc.boolean(),
  });
  const sizes = fc.record(Object.fromEntries([...'abcdef'].map((name) => [name, fc.integer({ min: 1, max: 1000 })])));
  fc.assert(
    fc.property(fc.array(job, { maxLength: 12 }), sizes, fc.integer({ min: 0, max: 6000 }), (jobs, bySize, limit) => {
      const holdings = jobs.map((one, index) => holding(`j${index}`, one.seconds, one.digests, now - one.age * day));
      const keep = jobs.flatMap((one, index) => (one.kept ? [`j${index}`] : []));
      const gone = evict(holdings, bySize, limit, keep);
      const left = (without: readonly string[]): number => {
        const named = (list: readonly Holding[]) =>
          new Set(list.flatMap(({ record }) => Object.values(record.outputs).map(({ digest }) => digest as string)));
        const all = named(holdings);
        const staying = named(holdings.filter(({ record }) => !without.includes(record.fingerprint)));
        return Object.entries(bySize).reduce(
          (sum, [name, size]) => sum + (staying.has(name) || !all.has(name) ? size : 0),
          0,
        );
      };
      expect(gone.filter((name) => keep.includes(name))).toEqual([]);
      const mostFreed = left(jobs.flatMap((_, index) => (keep.includes(`j${index}`) ? [] : [`j${index}`])));
      expect(left(gone)).toBeLessThanOrEqual(Math.max(limit, mostFreed));
      if (gone.length > 0) expect(left(gone.slice(0, -1))).toBeGreaterThan(limit);
    }),
    { seed: 5, numRuns: 500 },
  );
});

test('a blob without a record is garbage only when it is too old to be one that is just published', () => {
  const blob = (name: string, changed: number) => ({ name, path: name, size: 1, changed });
  const found = orphans(
    [blob('a', now), blob('b', now - day), blob('c', now - day)],
    [holding('x', 1, ['c'])],
    now - 1,
  );
  expect(found.map(({ name }) => name)).toEqual(['b']);
});
