import { Admission, type Order, type Ticket } from './admission.ts';
import type { Allocation, Capacity, Demand } from './demand.ts';

/** Admits jobs as resources become free. */
export interface Scheduler {
  /** Waits for resources, runs, gives them back. Rejects with the signal's reason when it is aborted while waiting. */
  schedule<Value>(
    demand: () => Demand,
    order: Order,
    action: (allocation: Allocation) => Promise<Value>,
  ): Promise<Value>;
}

/** A scheduler over what the machine has. Who goes next is decided by `Admission`. */
export function createScheduler(capacity: Capacity, signal: AbortSignal): Scheduler {
  const admission = new Admission(capacity);
  const waiting = new Map<Ticket, (allocation: Allocation) => void>();
  let due = false;
  const admit = (): void => {
    due = false;
    for (const { ticket, allocation } of admission.admit()) waiting.get(ticket)?.(allocation);
  };
  // After the end of this turn: jobs that become ready together are seen together, and a job's followers before
  // those that want the machine for themselves.
  const soon = (): void => {
    if (due) return;
    due = true;
    setImmediate(admit);
  };
  return {
    schedule: async (demand, order, action) => {
      const ticket: Ticket = { demand, order };
      const allocation = await new Promise<Allocation>((resolve, reject) => {
        signal.throwIfAborted();
        const stop = (): void => {
          waiting.delete(ticket);
          admission.withdraw(ticket);
          reject(signal.reason as Error);
        };
        signal.addEventListener('abort', stop, { once: true });
        waiting.set(ticket, (given) => {
          waiting.delete(ticket);
          signal.removeEventListener('abort', stop);
          resolve(given);
        });
        admission.add(ticket);
        soon();
      });
      try {
        return await action(allocation);
      } finally {
        admission.release(ticket);
        soon();
      }
    },
  };
}
