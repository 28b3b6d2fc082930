import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Gpu } from '../../src/machine/gpus.ts';
import { Admission, type Order, type Ticket } from '../../src/schedule/admission.ts';
import { type Allocation, availableShare, type Capacity, type Demand } from '../../src/schedule/demand.ts';

const gigabyte = 1e9;
const anyOrder: Order = { urgent: false, path: 0, round: 0, seconds: 0 };
const oneCpu: Demand = { cpus: 1, memory: 0, exclusive: false };

function ticket(demand: Partial<Demand>, order: Partial<Order> = {}): Ticket {
  const wanted = { ...oneCpu, ...demand };
  return { demand: () => wanted, order: { ...anyOrder, ...order } };
}

function admissionOf(capacity: Partial<Capacity>, tickets: readonly Ticket[]): Admission {
  const admission = new Admission({ cpus: 2, memory: 8 * gigabyte, gpus: [], ...capacity });
  for (const one of tickets) admission.add(one);
  return admission;
}

function admittedBy(admission: Admission): Ticket[] {
  return admission.admit().map((one) => one.ticket);
}

const demands = fc.record({
  cpus: fc.integer({ min: 1, max: 5 }),
  memory: fc.integer({ min: 0, max: 12 }).map((size) => size * gigabyte),
  gpu: fc.option(
    fc.record(
      {
        share: fc.constantFrom(0, 0.1, 0.25, 0.5, 1),
        memory: fc.integer({ min: 0, max: 20 }).map((size) => size * gigabyte),
      },
      { requiredKeys: ['share'] },
    ),
    { nil: undefined },
  ),
  exclusive: fc.boolean(),
  path: fc.integer({ min: 0, max: 3 }),
  round: fc.integer({ min: 0, max: 2 }),
  seconds: fc.integer({ min: 0, max: 9 }),
  urgent: fc.boolean(),
});

const machines = fc.record({
  cpus: fc.integer({ min: 1, max: 4 }),
  memory: fc.constant(8 * gigabyte),
  gpus: fc
    .array(fc.record({ memory: fc.constantFrom(8 * gigabyte, 16 * gigabyte), free: fc.constantFrom(0.4, 0.95) }), {
      maxLength: 3,
    })
    .map((list) =>
      list.map(({ memory, free }, index): Gpu => ({ id: `GPU-${index}`, name: 'fake', memory, free: free * memory })),
    ),
});

function expectWithin(capacity: Capacity, running: readonly Allocation[]): void {
  const sum = (of: (one: Allocation) => number): number => running.reduce((total, one) => total + of(one), 0);
  expect(sum((one) => one.cpus)).toBeLessThanOrEqual(capacity.cpus);
  expect(sum((one) => one.memory)).toBeLessThanOrEqual(capacity.memory);
  for (const gpu of capacity.gpus)
    expect(sum((one) => (one.gpu === gpu ? one.share : 0))).toBeLessThanOrEqual(availableShare(gpu));
  if (running.some((one) => one.exclusive)) expect(running).toHaveLength(1);
}

test('whatever jobs come and end in whatever order, nothing is over-committed and all of them run', () => {
  fc.assert(
    fc.property(
      fc.array(demands, { minLength: 1, maxLength: 60 }),
      machines,
      fc.infiniteStream(fc.nat()),
      (wanted, capacity, choices) => {
        const admission = new Admission(capacity);
        const coming = wanted.map(({ path, round, seconds, urgent, gpu, ...rest }) =>
          ticket({ ...rest, ...(gpu === undefined ? {} : { gpu }) }, { path, round, seconds, urgent }),
        );
        const running = new Map<Ticket, Allocation>();
        const next = (below: number): number => (choices.next().value as number) % below;
        let done = 0;
        while (done < wanted.length) {
          for (let some = next(4); some > 0 && coming.length > 0; some--) admission.add(coming.pop() as Ticket);
          for (const { ticket: one, allocation } of admission.admit()) running.set(one, allocation);
          expectWithin(capacity, [...running.values()]);
          const ending = [...running.keys()][running.size === 0 ? 0 : next(running.size)];
          if (ending === undefined) {
            // Nothing runs: only because nothing has come yet.
            expect(coming.length).toBeGreaterThan(0);
            admission.add(coming.pop() as Ticket);
            continue;
          }
          running.delete(ending);
          admission.release(ending);
          done++;
        }
      },
    ),
    { seed: 3, numRuns: 400 },
  );
});

test('a large job is not starved by small ones that keep coming', () => {
  const large = ticket({ cpus: 2 });
  const admission = admissionOf({ cpus: 2 }, [ticket({})]);
  const [first] = admission.admit();
  admission.add(large);
  const small = Array.from({ length: 50 }, () => ticket({}));
  for (const one of small) admission.add(one);
  expect(admission.admit()).toEqual([]);
  admission.release(first?.ticket as Ticket);
  expect(admittedBy(admission)).toEqual([large]);
});

test('jobs behind one that waits for a GPU use the processors that it does not need', () => {
  const gpu: Gpu = { id: 'GPU-a', name: 'a' };
  const [holds, waits, beside, tooMuch] = [
    ticket({ gpu: { share: 1 } }),
    ticket({ cpus: 2, gpu: { share: 1 } }),
    ticket({}),
    ticket({ cpus: 2 }),
  ];
  const admission = admissionOf({ cpus: 3, gpus: [gpu] }, [holds, waits, tooMuch, beside]);
  expect(admittedBy(admission)).toEqual([holds, beside]);
});

test('the longest path goes first, then rounds, then the longest job; short work that others wait for before all', () => {
  const long = ticket({}, { path: 9, round: 1, seconds: 1 });
  const firstRound = ticket({}, { path: 5, round: 0, seconds: 1 });
  const longer = ticket({}, { path: 5, round: 1, seconds: 3 });
  const shorter = ticket({}, { path: 5, round: 1, seconds: 2 });
  const urgent = ticket({}, { urgent: true, path: 1 });
  const admission = admissionOf({ cpus: 1 }, [shorter, longer, firstRound, long, urgent]);
  const order: Ticket[] = [];
  for (;;) {
    const [next] = admission.admit();
    if (next === undefined) break;
    order.push(next.ticket);
    admission.release(next.ticket);
  }
  expect(order).toEqual([urgent, long, firstRound, longer, shorter]);
});

test('jobs spread over the GPUs before they share one', () => {
  const gpus = [
    { id: 'GPU-a', name: 'a' },
    { id: 'GPU-b', name: 'b' },
  ];
  const halves = Array.from({ length: 3 }, () => ticket({ gpu: { share: 0.5 } }));
  const given = admissionOf({ cpus: 8, gpus }, halves).admit();
  expect(given.map(({ allocation }) => allocation.gpu?.id)).toEqual(['GPU-a', 'GPU-b', 'GPU-a']);
});

test('shares are counted on each GPU, not over all of them', () => {
  // Ray once let 53 trials of 0.15 onto 8 GPUs; 6 fit on each.
  const gpus = Array.from({ length: 8 }, (_, index) => ({ id: `GPU-${index}`, name: 'fake' }));
  const trials = Array.from({ length: 60 }, () => ticket({ gpu: { share: 0.15 } }));
  expect(admissionOf({ cpus: 60, gpus }, trials).admit()).toHaveLength(48);
});

test('a job whose memory was measured takes as much of a GPU as it needs, and what other processes hold is left to them', () => {
  const gpu = { id: 'GPU-a', name: 'a', memory: 16 * gigabyte, free: 12 * gigabyte };
  const jobs = Array.from({ length: 5 }, () => ticket({ gpu: { share: 0, memory: 4 * gigabyte } }));
  const given = admissionOf({ cpus: 8, gpus: [gpu] }, jobs).admit();
  expect(given.map(({ allocation }) => allocation.share)).toEqual([250, 250, 250]);
});

test('a job that wants more than there is runs alone', () => {
  const greedy = ticket({ cpus: 64, memory: 1e15 });
  const admission = admissionOf({ cpus: 2 }, [greedy, ticket({})]);
  const [given, ...others] = admission.admit();
  expect(given?.ticket).toBe(greedy);
  expect(given?.allocation.cpus).toBe(2);
  expect(others).toEqual([]);
});

test('a job that wants the machine for itself does not hold others up', () => {
  const [alone, first, second] = [ticket({ exclusive: true }), ticket({}), ticket({})];
  const admission = admissionOf({ cpus: 1 }, [alone, first, second]);
  const order: Ticket[] = [];
  for (let index = 0; index < 3; index++) {
    const [next] = admission.admit();
    order.push(next?.ticket as Ticket);
    admission.release(next?.ticket as Ticket);
  }
  expect(order).toEqual([first, second, alone]);
});
