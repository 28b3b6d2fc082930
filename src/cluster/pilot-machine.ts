import type { Environment } from '../backend/choice.ts';
import { driverOf, listGpus } from '../machine/gpus.ts';
import { machineLimits } from '../machine/limits.ts';
import type { Capacity } from '../schedule/demand.ts';
import { type PilotSpec, pilotOverhead } from './spec.ts';

/** What Slurm gave to this process: what its variables say, else what the pilot asked for, within what the node has. */
export async function pilotCapacity(spec: PilotSpec, env: Environment): Promise<Capacity> {
  const limits = machineLimits();
  const given = megabytes(env['SLURM_MEM_PER_NODE']) ?? spec.memory;
  const memory = given === undefined ? limits.memory : Math.max(pilotOverhead, given - pilotOverhead);
  return {
    cpus: wholeNumber(env['SLURM_CPUS_PER_TASK']) ?? spec.cpus,
    memory,
    gpus: spec.gpus === undefined ? [] : await listGpus(env, driverOf(env)),
  };
}

/** When the pilot's time is up, in milliseconds since the epoch: by its own clock, since the node's and the head's may differ. */
export function endOf(spec: PilotSpec, env: Environment, now: number): number {
  // The batch script's own lines took some of the time: Slurm says when the job began, where it is new enough for that.
  const began = wholeNumber(env['SLURM_JOB_START_TIME']);
  const start = began === undefined ? now : Math.min(now, began * 1000);
  return start + spec.time * 1000;
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d*$/.test(text) ? Number(text) : undefined;
}

function megabytes(text: string | undefined): number | undefined {
  const value = wholeNumber(text);
  return value === undefined ? undefined : value * 2 ** 20;
}
