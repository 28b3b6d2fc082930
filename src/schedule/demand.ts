import type { Gpu } from '../machine/gpus.ts';

/** What the machine has to give. */
export interface Capacity {
  /** CPU slots. */
  readonly cpus: number;
  /** Bytes of main memory. */
  readonly memory: number;
  readonly gpus: readonly Gpu[];
}

/** What a job wants. Each part is bounded by what the machine has at most: a job that wants more runs alone. */
export interface Demand {
  readonly cpus: number;
  /** Bytes of main memory; 0 where nothing is known. */
  readonly memory: number;
  /** Undefined for a job that uses no GPU. Where the machine has none it is not asked for. */
  readonly gpu?: GpuDemand;
  /** Wants the machine for itself. */
  readonly exclusive: boolean;
}

export interface GpuDemand {
  /** Share of one GPU, from 0 to 1. */
  readonly share: number;
  /** Bytes of its memory, where they were measured: the job takes the larger of the two. */
  readonly memory?: number;
}

/** What a job was given. */
export interface Allocation {
  readonly cpus: number;
  readonly memory: number;
  /** The GPU that it shares, and its share in thousandths; undefined where it uses none. */
  readonly gpu?: Gpu;
  readonly share: number;
  /** It has all that there is of the GPU. */
  readonly wholeGpu: boolean;
  /** No other job runs at the same time. */
  readonly exclusive: boolean;
}

/** Shares are counted in thousandths, so that 10 × 0.1 is exactly one GPU. */
export const wholeGpu = 1000;

/** A worker keeps a processor busy with launching kernels, so more than this many on one GPU only wait for each other. */
const jobsOnOneGpu = 8;

/** Thousandths of a GPU that jobs may take together: what other processes hold of its memory is left to them. */
export function availableShare({ memory, free }: Gpu): number {
  if (memory === undefined || free === undefined) return wholeGpu;
  return Math.max(1, Math.min(wholeGpu, Math.floor((wholeGpu * free) / memory)));
}

/**
 * Thousandths of this GPU that a demand comes to. A share is one of what jobs may take together, so that two halves fit also
 * where the driver holds some of the memory; what was measured is counted as it is.
 */
export function shareOn(gpu: Gpu, demand: GpuDemand): number {
  const available = availableShare(gpu);
  const measured =
    demand.memory === undefined || gpu.memory === undefined ? 0 : Math.ceil((wholeGpu * demand.memory) / gpu.memory);
  const least = Math.max(1, Math.floor(available / jobsOnOneGpu));
  return Math.min(available, Math.max(Math.floor(demand.share * available), measured, least));
}
