import type { Resources } from '../pipeline/pipeline.ts';
import type { Measurement } from '../plan/measured.ts';
import type { AnyStageKind } from '../stage/stage-kind.ts';
import type { Demand, GpuDemand } from './demand.ts';

/** What is expected of a job whose like was never measured: TensorFlow with a small model, or a program of no size. */
const unmeasured = { computing: 2 ** 30, other: 2 ** 28 };

/** Above what was measured: the next one of its class is not exactly as large. */
const margin = 1.1;

/** What a job takes of the machine: what its pipeline says, and at least what was measured of its like. */
export function demandOf(
  job: { readonly kind: AnyStageKind; readonly resources: Resources },
  measured: Pick<Measurement, 'memory' | 'gpuMemory'> | undefined,
  trainsOnGpu: boolean,
): Demand {
  const { kind, resources } = job;
  const computes = kind.computes === true;
  const known = measured?.memory === undefined ? undefined : measured.memory * margin;
  const memory = Math.max(
    resources.memory ?? 0,
    known ?? (resources.memory === undefined ? unmeasured[computes ? 'computing' : 'other'] : 0),
  );
  const gpu = gpuDemand(job, measured?.gpuMemory, trainsOnGpu);
  return { cpus: resources.cpus, memory, ...(gpu === undefined ? {} : { gpu }), exclusive: kind.exclusive === true };
}

/** Without a word in the pipeline, and before it was measured, a job that trains has a GPU for itself. */
function gpuDemand(
  { kind, resources: { gpu } }: { readonly kind: AnyStageKind; readonly resources: Resources },
  measured: number | undefined,
  trainsOnGpu: boolean,
): GpuDemand | undefined {
  if (kind.computes === true ? !trainsOnGpu : gpu === undefined) return undefined;
  if (measured !== undefined) return { share: gpu ?? 0, memory: measured * margin };
  return { share: gpu ?? 1 };
}
