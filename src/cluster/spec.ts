import type { SlurmSettings } from '../pipeline/executor.ts';
import type { Demand } from '../schedule/demand.ts';
import { sha256 } from '../util/sha256.ts';

/** What all pilots of one class ask of the cluster: they can take each other's jobs. */
export type PilotSpec = Omit<SlurmSettings, 'pilots' | 'most'>;

/** Bytes of a pilot's memory that its own processes take, beside those of the jobs. */
export const pilotOverhead = 256 * 2 ** 20;

/** Memory is asked for in steps, so that jobs of almost the same size share a class. */
const memoryStep = 512 * 2 ** 20;

/** The class that pilots of a spec belong to. */
export function classOf(spec: PilotSpec): string {
  const ordered = Object.fromEntries(Object.entries(spec).sort(([one], [other]) => (one < other ? -1 : 1)));
  return sha256(JSON.stringify(ordered)).slice(0, 16);
}

/**
 * What a pilot must have for a job: what the pipeline says, and more where the job wants more, up to the bounds that it sets.
 * `seconds`: what the job needs of a pilot's time, where that is known.
 */
export function specFor(
  settings: SlurmSettings,
  demand: Pick<Demand, 'cpus' | 'memory'>,
  seconds: number | undefined,
): PilotSpec {
  const { pilots: _, most, ...spec } = settings;
  const { memory } = spec;
  const wanted = demand.memory + pilotOverhead;
  const larger =
    memory === undefined || wanted <= memory
      ? memory
      : Math.max(memory, Math.min(most.memory ?? Number.POSITIVE_INFINITY, roundUp(wanted, memoryStep)));
  const time =
    seconds === undefined || seconds <= spec.time ? spec.time : Math.min(most.time, doubled(spec.time, seconds));
  return {
    ...spec,
    cpus: Math.max(spec.cpus, demand.cpus),
    ...(larger === undefined ? {} : { memory: larger }),
    time: Math.max(spec.time, time),
  };
}

function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}

/** The time, doubled until it is enough: so there are few classes. */
function doubled(time: number, enough: number): number {
  let result = time;
  while (result < enough) result *= 2;
  return result;
}

/** How many pilots could be busy with jobs that ask for so much. */
export function wantedPilots(spec: PilotSpec, demands: readonly Pick<Demand, 'cpus' | 'memory'>[]): number {
  if (spec.jobs === 'one') return demands.length;
  const cpus = demands.reduce((sum, demand) => sum + Math.min(spec.cpus, demand.cpus), 0);
  const memory = demands.reduce((sum, demand) => sum + demand.memory, 0);
  const byMemory = spec.memory === undefined ? 0 : memory / Math.max(1, spec.memory - pilotOverhead);
  return Math.max(1, Math.ceil(Math.max(cpus / spec.cpus, byMemory)));
}
