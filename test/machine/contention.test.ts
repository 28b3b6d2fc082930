import { expect, test } from 'vitest';
import { watchOthers } from '../../src/machine/contention.ts';

/** A machine with a clock and processor times that a test sets, in seconds. */
function machine() {
  const now = { busy: 100, own: 5, at: 0 };
  const others = watchOthers(
    () => `cpu  ${Math.round(now.busy * 100)} 0 0 5000 0 0 0 0\ncpu0 0\n`,
    () => now.own,
    () => now.at,
  );
  return { now, others };
}

test('a process that has the machine for itself is not disturbed by what it computes itself', () => {
  const { now, others } = machine();
  Object.assign(now, { busy: 108, own: 13, at: 8 });
  expect(others.wereBusy()).toBe(false);
});

test('another process that computes beside it makes its times contended', () => {
  const { now, others } = machine();
  Object.assign(now, { busy: 112, own: 13, at: 8 });
  expect(others.wereBusy()).toBe(true);
});

test('what every machine does in the background does not count', () => {
  const { now, others } = machine();
  Object.assign(now, { busy: 108.8, own: 13, at: 8 });
  expect(others.wereBusy()).toBe(false);
  Object.assign(now, { busy: 100.04, own: 5, at: 0.01 });
  expect(others.wereBusy()).toBe(false);
});
