/** One GPU that jobs can share. */
export interface GpuDevice {
  /** UUID, as CUDA_VISIBLE_DEVICES takes it. */
  readonly id: string;
  readonly name: string;
}

/** What the machine has to give. */
export interface Capacity {
  readonly cpus: number;
  readonly gpus: readonly GpuDevice[];
}

/** What a job was given. */
export interface Allocation {
  readonly cpus: number;
  /** The GPU it shares; undefined where it uses none. */
  readonly gpu?: GpuDevice;
  /** No other job runs at the same time. */
  readonly exclusive: boolean;
}

export interface Demand {
  readonly cpus: number;
  /** Share of one GPU; 0 for none. Where the machine has no GPU it is not asked for. */
  readonly gpu: number;
  /** Wants the machine for itself. */
  readonly exclusive: boolean;
  /** Goes before those that wait: short jobs that others wait for. */
  readonly urgent?: boolean;
}

/** Admits jobs as resources become free. */
export interface Scheduler {
  /** Waits for resources, runs, gives them back. Rejects with the signal's reason when it is aborted while waiting. */
  schedule<Value>(demand: Demand, action: (allocation: Allocation) => Promise<Value>): Promise<Value>;
}

interface Waiting {
  readonly demand: Demand;
  readonly admit: (allocation: Allocation) => void;
}

/** Shares are counted in thousandths, so that 10 × 0.1 is exactly one GPU. */
const wholeGpu = 1000;

/**
 * A scheduler over CPU slots and shares of GPUs. Jobs are admitted in the order in which they came; one that does not
 * fit holds back those behind it, so that it cannot starve. Jobs that want the machine for themselves wait until
 * nothing else runs or could run: they never hold others up.
 */
export function createScheduler(capacity: Capacity, signal: AbortSignal): Scheduler {
  let freeCpus = capacity.cpus;
  let running = 0;
  let alone = false;
  const freeShares = new Map(capacity.gpus.map((gpu) => [gpu, wholeGpu]));
  const shared: Waiting[] = [];
  const exclusive: Waiting[] = [];

  const bounded = (demand: Demand) => ({
    cpus: Math.min(demand.cpus, capacity.cpus),
    share: capacity.gpus.length === 0 ? 0 : Math.ceil(demand.gpu * wholeGpu),
  });
  const place = (demand: Demand): Allocation | undefined => {
    const { cpus, share } = bounded(demand);
    if (cpus > freeCpus) return undefined;
    if (share === 0) return { cpus, exclusive: demand.exclusive };
    // The emptiest GPU first: jobs spread before they share.
    const [gpu, free] = [...freeShares].reduce((best, next) => (next[1] > best[1] ? next : best));
    return free >= share ? { cpus, gpu, exclusive: demand.exclusive } : undefined;
  };
  const take = (waiting: Waiting, allocation: Allocation, direction: 1 | -1): void => {
    freeCpus -= direction * allocation.cpus;
    running += direction;
    const { gpu } = allocation;
    if (gpu !== undefined) freeShares.set(gpu, (freeShares.get(gpu) ?? 0) - direction * bounded(waiting.demand).share);
  };
  const admitNext = (): void => {
    if (alone) return;
    for (let index = 0; index < shared.length; ) {
      const waiting = shared[index] as Waiting;
      const allocation = place(waiting.demand);
      // A job that does not fit keeps its place: nothing behind it is admitted, so that it cannot starve.
      if (allocation === undefined) return;
      shared.splice(index, 1);
      take(waiting, allocation, 1);
      waiting.admit(allocation);
    }
    const [waiting] = exclusive;
    if (running > 0 || waiting === undefined) return;
    const allocation = place(waiting.demand);
    if (allocation === undefined) return;
    exclusive.shift();
    alone = true;
    take(waiting, allocation, 1);
    waiting.admit(allocation);
  };

  return {
    schedule: async (demand, action) => {
      const queue = demand.exclusive ? exclusive : shared;
      let mine: Waiting | undefined;
      const allocation = await new Promise<Allocation>((admit, reject) => {
        signal.throwIfAborted();
        const stop = (): void => {
          const index = mine === undefined ? -1 : queue.indexOf(mine);
          if (index >= 0) queue.splice(index, 1);
          reject(signal.reason as Error);
        };
        signal.addEventListener('abort', stop, { once: true });
        mine = {
          demand,
          admit: (given) => {
            signal.removeEventListener('abort', stop);
            admit(given);
          },
        };
        if (demand.urgent === true) queue.unshift(mine);
        else queue.push(mine);
        // Admission waits for the end of this turn: jobs that become ready together are seen together.
        queueMicrotask(admitNext);
      });
      try {
        return await action(allocation);
      } finally {
        take(mine as unknown as Waiting, allocation, -1);
        if (demand.exclusive) alone = false;
        // After the job's own followers had their turn to queue: an exclusive job must not slip in before them.
        setImmediate(admitNext);
      }
    },
  };
}
