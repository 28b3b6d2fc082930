import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Allocation, createScheduler, type Demand } from '../../src/schedule/scheduler.ts';

const gpus = [
  { id: 'GPU-a', name: 'a' },
  { id: 'GPU-b', name: 'b' },
];
const never = new AbortController().signal;
const oneCpu: Demand = { cpus: 1, gpu: 0, exclusive: false };

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test('jobs never take more than the machine has, all of them run, and none waits for ever', async () => {
  const demand = fc.record({
    cpus: fc.integer({ min: 1, max: 4 }),
    gpu: fc.constantFrom(0, 0.1, 0.25, 0.5, 1),
    exclusive: fc.boolean(),
    turns: fc.integer({ min: 0, max: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(demand, { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 3 }),
      async (demands, cpus) => {
        const scheduler = createScheduler({ cpus, gpus }, never);
        const running = new Set<{ demand: Demand; allocation: Allocation }>();
        let finished = 0;
        await Promise.all(
          demands.map(({ turns, ...wanted }) =>
            scheduler.schedule(wanted, async (allocation) => {
              const mine = { demand: wanted, allocation };
              running.add(mine);
              const all = [...running];
              expect(all.reduce((sum, job) => sum + job.allocation.cpus, 0)).toBeLessThanOrEqual(cpus);
              for (const gpu of gpus) {
                const share = all
                  .filter((job) => job.allocation.gpu === gpu)
                  .reduce((sum, job) => sum + Math.round(job.demand.gpu * 1000), 0);
                expect(share).toBeLessThanOrEqual(1000);
              }
              if (all.some((job) => job.demand.exclusive)) expect(all).toHaveLength(1);
              for (let turn = 0; turn < turns; turn++) await nextTurn();
              running.delete(mine);
              finished++;
            }),
          ),
        );
        expect(finished).toBe(demands.length);
      },
    ),
    { seed: 3, numRuns: 150 },
  );
});

test('jobs spread over the GPUs before they share one', async () => {
  const scheduler = createScheduler({ cpus: 8, gpus }, never);
  const seen: (string | undefined)[] = [];
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const jobs = [0.5, 0.5, 0.5].map((gpu) =>
    scheduler.schedule({ cpus: 1, gpu, exclusive: false }, async (allocation) => {
      seen.push(allocation.gpu?.id);
      await held;
    }),
  );
  await nextTurn();
  expect(seen.slice(0, 2).sort()).toEqual(['GPU-a', 'GPU-b']);
  release();
  await Promise.all(jobs);
});

test('a job that wants the machine for itself does not hold others up', async () => {
  const scheduler = createScheduler({ cpus: 1, gpus: [] }, never);
  const order: string[] = [];
  const run = (name: string, demand: Demand) => scheduler.schedule(demand, async () => void order.push(name));
  await Promise.all([run('alone', { ...oneCpu, exclusive: true }), run('first', oneCpu), run('second', oneCpu)]);
  expect(order).toEqual(['first', 'second', 'alone']);
});

test('an aborted run lets go of waiting jobs', async () => {
  const stop = new AbortController();
  const scheduler = createScheduler({ cpus: 1, gpus: [] }, stop.signal);
  let release = (): void => {};
  const first = scheduler.schedule(oneCpu, () => new Promise<void>((resolve) => (release = resolve)));
  const second = scheduler.schedule(oneCpu, async () => {});
  await nextTurn();
  stop.abort(new Error('stopped'));
  await expect(second).rejects.toThrow('stopped');
  release();
  await first;
});
