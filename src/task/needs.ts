import type { Job } from '../plan/job.ts';
import type { Measurement, Measurements } from '../plan/measured.ts';
import { type Allocation, type Demand, wholeGpu } from '../schedule/demand.ts';
import { demandOf } from '../schedule/job-demand.ts';
import { sha256 } from '../util/sha256.ts';

/** Which memory ran out. */
export type Exhausted = 'gpu' | 'main';

/** Above what a job had when memory ran out. The batch size stays: another one would be another experiment. */
const growth = 1.5;

/** What the jobs of a run want, by what was measured before and what this run finds out. */
export interface Needs {
  demand(job: Job): Demand;
  /** Nothing like it was measured on a GPU yet: the first one has it alone in a fresh process, so that it can be. */
  isUnmeasuredOnGpu(job: Job): boolean;
  note(job: Job, measurement: Measurement): void;
  /** Memory ran out under this allocation: its class gets more from now on. False where the job had all that there is. */
  grow(job: Job, allocation: Allocation, what: Exhausted, capacity: { readonly memory: number }): boolean;
}

export function createNeeds(measurements: Measurements, trainsOnGpu: boolean): Needs {
  const grown = new Map<string, { memory?: number; gpuMemory?: number; share?: number }>();
  const key = (job: Job): string => sha256(JSON.stringify([job.kind.kind, job.likeness ?? job.params]));
  return {
    demand: (job) => {
      const expected = measurements.expect(job);
      // Another class of the stage says something of main memory, but nothing of what a larger model takes of a GPU.
      const measured = {
        memory: expected?.memory,
        gpuMemory: expected?.exact === true ? expected.gpuMemory : undefined,
      };
      const demand = demandOf(job, defined(measured), trainsOnGpu);
      const more = grown.size === 0 ? undefined : grown.get(key(job));
      if (more === undefined) return demand;
      const { gpu } = demand;
      return {
        ...demand,
        memory: Math.max(demand.memory, more.memory ?? 0),
        ...(gpu === undefined
          ? {}
          : {
              gpu: {
                share: Math.max(gpu.share, more.share ?? 0),
                ...defined({ memory: largest(gpu.memory, more.gpuMemory) }),
              },
            }),
      };
    },
    isUnmeasuredOnGpu: (job) => {
      const expected = measurements.expect(job);
      return expected?.exact !== true || expected.gpuMemory === undefined;
    },
    note: (job, measurement) => measurements.note(job, measurement),
    grow: (job, allocation, what, capacity) => {
      const before = grown.get(key(job)) ?? {};
      if (what === 'main') {
        if (allocation.memory >= capacity.memory) return false;
        grown.set(key(job), { ...before, memory: Math.max(allocation.memory, before.memory ?? 0) * growth });
        return true;
      }
      if (allocation.gpu === undefined || allocation.wholeGpu) return false;
      const { memory } = allocation.gpu;
      const share = Math.min(1, (allocation.share / wholeGpu) * growth);
      grown.set(key(job), {
        ...before,
        share: Math.max(share, before.share ?? 0),
        ...(memory === undefined ? {} : { gpuMemory: share * memory }),
      });
      return true;
    },
  };
}

function largest(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);
}

function defined<Value extends object>(values: Value): { [Name in keyof Value]?: Exclude<Value[Name], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
