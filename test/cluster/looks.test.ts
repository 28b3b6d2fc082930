import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLooks, lookEvery, newsEvery } from '../../src/cluster/looks.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'], now: 1e6 }));
afterEach(() => void vi.useRealTimers());

/** Looks that note each look, whether it was full, and that take so long. */
function noted(milliseconds = 0, isNeeded = () => true) {
  const seen: boolean[] = [];
  let atOnce = 0;
  let mostAtOnce = 0;
  const looks = createLooks({
    look: async (isFull) => {
      seen.push(isFull);
      mostAtOnce = Math.max(mostAtOnce, ++atOnce);
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      atOnce--;
    },
    isNeeded,
    onBroken: (problem) => {
      throw problem;
    },
  });
  return { looks, seen, mostAtOnce: () => mostAtOnce };
}

test('much news at once is one look, and news during a look is another one after it', async () => {
  const { looks, seen, mostAtOnce } = noted(10);
  for (let news = 0; news < 100; news++) looks.soon();
  await vi.advanceTimersByTimeAsync(newsEvery + 5);
  expect(seen).toHaveLength(1);
  looks.soon();
  await vi.advanceTimersByTimeAsync(2 * newsEvery);
  expect(seen).toHaveLength(2);
  expect(mostAtOnce()).toBe(1);
  looks.close();
});

test('where nobody tells of news, everything is looked at from time to time as long as that is needed', async () => {
  let isNeeded = true;
  const { looks, seen } = noted(0, () => isNeeded);
  looks.soon();
  await vi.advanceTimersByTimeAsync(3.5 * lookEvery);
  expect(seen.filter((isFull) => isFull).length).toBeGreaterThanOrEqual(3);
  isNeeded = false;
  await vi.advanceTimersByTimeAsync(2 * lookEvery);
  const { length } = seen;
  await vi.advanceTimersByTimeAsync(5 * lookEvery);
  expect(seen).toHaveLength(length);
});

test('after the end nothing is looked at, not even for news', async () => {
  const { looks, seen } = noted();
  looks.soon();
  looks.close();
  looks.soon();
  await vi.advanceTimersByTimeAsync(5 * lookEvery);
  expect(seen).toEqual([]);
});
