import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonical } from '../../src/fingerprint/canonical.ts';

const plain = fc.jsonValue({ maxDepth: 4 });

/** The order of keys and the sign of zero are all that two equal values may differ in. */
function same(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) || Array.isArray(right)) {
    return (
      Array.isArray(left) &&
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item, index) => same(item, right[index]))
    );
  }
  if (typeof left === 'object' && left !== null && typeof right === 'object' && right !== null) {
    const keys = Object.keys(left);
    const other = right as Record<string, unknown>;
    return (
      keys.length === Object.keys(right).length &&
      keys.every((key) => Object.hasOwn(other, key) && same((left as Record<string, unknown>)[key], other[key]))
    );
  }
  return left === right;
}

test('no two different values are written alike, and equal ones always are', () => {
  fc.assert(
    fc.property(plain, plain, (left, right) => (canonical(left) === canonical(right)) === same(left, right)),
    { seed: 1, numRuns: 5000 },
  );
});

test('the order of keys does not matter', () => {
  expect(canonical({ a: 1, b: [true, null] })).toBe(canonical({ b: [true, null], a: 1 }));
});

test('near misses are told apart', () => {
  const values = [
    1,
    '1',
    [1],
    { 1: 1 },
    [[1]],
    ['1'],
    '',
    null,
    [],
    {},
    'null',
    true,
    'true',
    [1, 2],
    [12],
    ['a', 'b'],
    ['ab'],
    { a: 'b' },
    ['a', ['b']],
    0.1,
    '0.1',
  ];
  expect(new Set(values.map(canonical)).size).toBe(values.length);
});

test.each([undefined, Number.NaN, Number.POSITIVE_INFINITY, '\ud800', () => 1, Symbol('x'), new Date(0), new Map()])(
  '%s is refused, not dropped',
  (value) => {
    expect(() => canonical(value)).toThrow();
    expect(() => canonical({ inside: [value] })).toThrow();
  },
);
