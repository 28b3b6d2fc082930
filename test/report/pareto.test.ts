import { expect, test } from 'vitest';
import { paretoFront } from '../../src/report/pareto.ts';

const offer = (cost: number, score: number) => ({ cost, score });

test('the front has what nothing else beats, the cheapest first', () => {
  const [cheap, middle, dear, beaten] = [offer(1, 0.7), offer(2, 0.8), offer(9, 0.81), offer(3, 0.75)];
  expect(paretoFront([dear, beaten, cheap, middle])).toEqual([cheap, middle, dear]);
});

test('of two that cost the same only the better one is on it, and of two that are equal both', () => {
  expect(paretoFront([offer(1, 0.7), offer(1, 0.8)])).toEqual([offer(1, 0.8)]);
  expect(paretoFront([offer(1, 0.7), offer(1, 0.7)])).toHaveLength(2);
});

test('of nothing there is none', () => {
  expect(paretoFront([])).toEqual([]);
});
