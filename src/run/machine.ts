import type { Emit } from '../events/event.ts';
import { type AskDriver, driverOf, listGpus } from '../machine/gpus.ts';
import { machineLimits } from '../machine/limits.ts';
import { createLoadMeter } from '../machine/load.ts';
import type { MachineSettings } from '../machine/settings.ts';
import type { StageInstance } from '../pipeline/pipeline.ts';
import type { Capacity } from '../schedule/demand.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Milliseconds between two looks at how busy the machine is. */
const lookEvery = 2000;

/** Whether a stage instance runs on a GPU where there is one. */
export function wantsGpu({ loaded, resources }: StageInstance, trainsOnGpu: boolean): boolean {
  return loaded.kind.computes === true || loaded.kind.fanOut?.part.computes === true
    ? trainsOnGpu
    : resources.gpu !== undefined;
}

/** What a run may take of this machine: what it has, by the system and control groups, and what people let it have. */
export async function findCapacity(
  settings: MachineSettings,
  env: Environment,
  needsGpus: boolean,
  ask: AskDriver = driverOf(env),
): Promise<Capacity> {
  const limits = machineLimits();
  const visible = settings.gpus === undefined ? env : { ...env, CUDA_VISIBLE_DEVICES: settings.gpus.join(',') };
  return {
    cpus: settings.workers ?? limits.cpus,
    memory: Math.min(settings.memory ?? Number.POSITIVE_INFINITY, limits.memory),
    gpus: needsGpus ? await listGpus(visible, ask) : [],
  };
}

/** Tells how busy the machine is, from time to time, until it is stopped. */
export function watchLoad(capacity: Capacity, env: Environment, emit: Emit): { stop(): void } {
  const meter = createLoadMeter(driverOf(env), capacity.gpus);
  let looking = false;
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    void meter.look().then((load) => {
      looking = false;
      if (!stopped) emit({ type: 'machine', ...load });
    });
  }, lookEvery);
  timer.unref();
  let stopped = false;
  return {
    stop: () => {
      stopped = true;
      clearInterval(timer);
    },
  };
}
