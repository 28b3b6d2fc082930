import { expect, test } from 'vitest';
import type { Demand } from '../../src/schedule/demand.ts';
import { createScheduler } from '../../src/schedule/scheduler.ts';

const oneCpu = (): Demand => ({ cpus: 1, memory: 0, exclusive: false });
const anyOrder = { urgent: false, path: 0, round: 0, seconds: 0 };
const machine = { cpus: 1, memory: 1e9, gpus: [] };

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test('a job that fails gives its room back', async () => {
  const scheduler = createScheduler(machine, new AbortController().signal);
  const failing = scheduler.schedule(oneCpu, anyOrder, async () => {
    throw new Error('broken');
  });
  await expect(failing).rejects.toThrow('broken');
  expect(await scheduler.schedule(oneCpu, anyOrder, async ({ cpus }) => cpus)).toBe(1);
});

test('what a job wants is asked again when there is room: its class may have been measured meanwhile', async () => {
  const scheduler = createScheduler({ ...machine, cpus: 2 }, new AbortController().signal);
  let memory = 1e9;
  const order: string[] = [];
  await Promise.all([
    scheduler.schedule(oneCpu, anyOrder, async () => {
      order.push('first');
      memory = 0;
    }),
    scheduler.schedule(
      () => ({ ...oneCpu(), memory: 1e9 }),
      anyOrder,
      async () => void order.push('second'),
    ),
    scheduler.schedule(
      () => ({ ...oneCpu(), memory }),
      anyOrder,
      async () => void order.push('third'),
    ),
  ]);
  expect(order).toEqual(['first', 'second', 'third']);
});

test('an aborted run lets go of waiting jobs', async () => {
  const stop = new AbortController();
  const scheduler = createScheduler(machine, stop.signal);
  let release = (): void => {};
  const first = scheduler.schedule(oneCpu, anyOrder, () => new Promise<void>((resolve) => (release = resolve)));
  const second = scheduler.schedule(oneCpu, anyOrder, async () => {});
  await nextTurn();
  stop.abort(new Error('stopped'));
  await expect(second).rejects.toThrow('stopped');
  release();
  await first;
});
