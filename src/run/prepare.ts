import type { Emit } from '../events/event.ts';
import { createGpuMemoryMeter } from '../machine/gpu-memory.ts';
import { driverOf } from '../machine/gpus.ts';
import { startMps } from '../machine/mps.ts';
import type { MachineSettings } from '../machine/settings.ts';
import type { Selected } from '../pipeline/select.ts';
import type { PlanScope } from '../plan/job.ts';
import type { Measurements } from '../plan/measured.ts';
import { planPipeline } from '../plan/plan.ts';
import type { Capacity } from '../schedule/demand.ts';
import { type PlanTime, planTime } from '../schedule/plan-time.ts';
import { createScheduler } from '../schedule/scheduler.ts';
import { createKillWatch } from '../task/memory-failure.ts';
import { createNeeds } from '../task/needs.ts';
import type { Prepared } from './context.ts';
import { findCapacity, wantsGpu, watchLoad } from './machine.ts';

interface PrepareSettings {
  /** A scope that looks only, and notes no use of what it finds. */
  readonly scope: PlanScope;
  readonly selected: Selected;
  readonly machine: MachineSettings;
  /** What the jobs of the run may have together, where they run elsewhere: then nothing of this machine is looked at. */
  readonly elsewhere?: Capacity;
  readonly measurements: Measurements;
  readonly trainsOnGpu: boolean;
  readonly emit: Emit;
  /** Starts this many workers before jobs come. */
  readonly warm: (workers: number) => void;
}

/** What a run found out before its first job; `stop` ends what watches the machine. */
export interface Preparation {
  readonly prepare: () => Promise<Prepared>;
  /** Seconds that were expected, where past timings told of every job. */
  readonly expectedSeconds: () => number | undefined;
  stop(): Promise<void>;
}

/** Looks at the machine and plans the time, when the first job asks for it: a run with nothing to do never does. */
export function createPreparation(settings: PrepareSettings): Preparation {
  const { scope, selected, machine, elsewhere, measurements, trainsOnGpu, emit, warm } = settings;
  const ends: (() => void | Promise<void>)[] = [];
  let ready: Promise<Prepared> | undefined;
  let time: PlanTime | undefined;
  const look = async (): Promise<Prepared> => {
    // Warm workers are of one thread on the CPU: where no stage takes such, they would be started in vain.
    const warms =
      elsewhere === undefined &&
      selected.instances.some(
        ({ resources, execution }) =>
          resources.cpus === 1 && resources.gpu === undefined && execution.isolate === 'worker',
      );
    if (warms) warm(1);
    const needsGpus = selected.instances.some((instance) => wantsGpu(instance, trainsOnGpu));
    const capacity = elsewhere ?? (await findCapacity(machine, scope.env, needsGpus));
    const { cpus, memory, gpus } = capacity;
    emit({
      type: 'devices',
      cpus,
      memory,
      gpus: gpus.map(({ id, name, memory: bytes }) => ({
        id,
        name,
        ...(bytes === undefined ? {} : { memory: bytes }),
      })),
    });
    const gpuEnvironment: Record<string, string> = {};
    if (machine.mps === true && gpus.length > 0) {
      const mps = await startMps(scope.env);
      if (mps.ok) {
        Object.assign(gpuEnvironment, mps.value.environment);
        ends.push(mps.value.stop);
      } else emit({ type: 'notice', level: 'warning', text: mps.error.message });
    }
    // What a plan cannot find out (data that is missing) fails where it is needed; its time is then not known.
    const plan = await planPipeline(scope, selected);
    if (plan.ok) {
      if (warms && !trainsOnGpu) warm(plan.value.work.reduce((most, { parts }) => Math.max(most, parts.length), 1));
      time = planTime(plan.value.work, capacity, trainsOnGpu && gpus.length > 0);
      const { paths: _, ...expected } = time;
      emit({ type: 'expected', ...expected });
    }
    if (elsewhere === undefined) {
      const load = watchLoad(capacity, scope.env, emit);
      ends.push(() => load.stop());
    }
    return {
      capacity,
      scheduler: createScheduler(capacity, scope.signal),
      needs: createNeeds(measurements, trainsOnGpu),
      wasKilled: createKillWatch(),
      paths: time?.paths ?? new Map(),
      gpuMeter: createGpuMemoryMeter(driverOf(scope.env)),
      gpuEnvironment,
    };
  };
  return {
    prepare: () => {
      ready ??= look();
      return ready;
    },
    expectedSeconds: () => (time === undefined || time.unknownJobs > 0 ? undefined : time.seconds),
    stop: async () => {
      await Promise.allSettled([ready]);
      for (const end of ends.splice(0)) await end();
    },
  };
}
