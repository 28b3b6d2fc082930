import type { Failure } from '../errors/failure.ts';
import type { StageInstance } from '../pipeline/pipeline.ts';
import type { Selected } from '../pipeline/select.ts';
import type { JobRecord } from '../store/record.ts';
import { ok, type Result } from '../util/result.ts';
import { type Job, lookUp, type PlanScope } from './job.ts';
import { type KnownStage, stageJob, stageParts } from './stage-jobs.ts';

/** Gets a record from elsewhere into the store; undefined where there is none. */
export type FetchRecord = (fingerprint: string) => Promise<Result<JobRecord | undefined>>;

/** What became of the stages of a pipeline. */
export interface Pulled {
  /** Stage instances that came, that were here already, and that nobody has. */
  readonly fetched: readonly string[];
  readonly here: readonly string[];
  readonly missing: readonly string[];
  /** Jobs of fan-outs that came where the stage itself did not. */
  readonly parts: number;
}

/**
 * Gets what a run of the pipeline would otherwise compute. Fingerprints are taken stage by stage: that of a stage is known
 * when the stages before it are. Where a search is missing, those of its jobs that somebody did are fetched.
 */
export async function pullPipeline(
  scope: PlanScope,
  selected: Selected,
  fetch: FetchRecord,
): Promise<Result<Pulled, Failure>> {
  const known = new Map<string, KnownStage>();
  const pulled = { fetched: [] as string[], here: [] as string[], missing: [] as string[], parts: 0 };
  for (const instance of selected.instances) {
    const inputs = Object.values(instance.inputs).flat();
    if (inputs.some((input) => !known.has(input.instance))) {
      pulled.missing.push(instance.id);
      continue;
    }
    const job = await stageJob(scope, instance, known);
    if (!job.ok) return job;
    const looked = lookUp(scope, job.value);
    if (!looked.ok) return looked;
    const { fingerprint, record } = looked.value;
    if (record !== undefined && record.evicted !== true) {
      pulled.here.push(instance.id);
      known.set(instance.id, { outputs: record.outputs });
      continue;
    }
    const got = await fetch(fingerprint);
    if (!got.ok) return got;
    if (got.value !== undefined) {
      pulled.fetched.push(instance.id);
      known.set(instance.id, { outputs: got.value.outputs });
      continue;
    }
    pulled.missing.push(instance.id);
    const parts = await fetchParts(scope, instance, job.value, fetch);
    if (!parts.ok) return parts;
    pulled.parts += parts.value;
  }
  return ok(pulled);
}

/** Gets those jobs of a stage that fans out which somebody did; how many came. */
async function fetchParts(
  scope: PlanScope,
  instance: StageInstance,
  job: Job,
  fetch: FetchRecord,
): Promise<Result<number>> {
  const named = await stageParts(scope, instance, job);
  let came = 0;
  for (const part of named.ok ? named.value : []) {
    const looked = lookUp(scope, part.job);
    if (!looked.ok) return looked;
    if (looked.value.record !== undefined) continue;
    const got = await fetch(looked.value.fingerprint);
    if (!got.ok) return got;
    if (got.value !== undefined) came++;
  }
  return ok(came);
}
