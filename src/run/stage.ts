import { type Failure, failure } from '../errors/failure.ts';
import { systemFailure } from '../errors/system.ts';
import type { StageInstance } from '../pipeline/pipeline.ts';
import type { ExternalInputs, Input, PartJob } from '../stage/stage-kind.ts';
import type { JobRecord } from '../store/record.ts';
import type { JsonObject } from '../util/json.ts';
import { err, ok, type Result } from '../util/result.ts';
import type { FinishedStage, RunScope } from './context.ts';
import { emitCached, type Job, type JobInput, type JobPart, lookUp, noExternal, runJob } from './job.ts';

/** Runs one stage instance whose inputs are done: from the store where it can, by its jobs where it must. */
export async function runStage(
  scope: RunScope,
  instance: StageInstance,
  finished: ReadonlyMap<string, FinishedStage>,
): Promise<Result<FinishedStage>> {
  const external = await externalInputs(scope, instance);
  if (!external.ok) return external;
  const inputs = collectInputs(instance, finished);
  const job: Job = {
    id: instance.id,
    stage: instance.id,
    loaded: instance.loaded,
    kind: instance.loaded.kind,
    isPart: false,
    params: instance.params,
    inputs,
    external: external.value.inputs,
    externalDigests: external.value.digests,
    seedParts: [],
    resources: instance.resources,
  };
  const looked = lookUp(scope, job);
  if (!looked.ok) return looked;
  const { record, fingerprint } = looked.value;
  if (record !== undefined) {
    scope.emit({
      type: 'stage-started',
      stage: instance.id,
      jobs: record.parts?.jobs ?? 1,
      cachedJobs: record.parts?.jobs ?? 1,
    });
    emitCached(scope, looked.value);
    return ok({ status: 'cached', fingerprint, outputs: record.outputs });
  }
  const parts = await runParts(scope, instance, job);
  if (!parts.ok) return parts;
  if (parts.value.length === 0) scope.emit({ type: 'stage-started', stage: instance.id, jobs: 1, cachedJobs: 0 });
  const seconds = parts.value.reduce((sum, part) => sum + part.record.seconds, 0);
  const ran = await reported(scope, job, () =>
    runJob(
      scope,
      looked.value,
      parts.value.map((part) => part.part),
      seconds,
    ),
  );
  return ran.ok ? ok({ status: 'done', fingerprint, outputs: ran.value.outputs }) : ran;
}

/** Tells of a job's failure as soon as it happens, also when others of the stage go on. */
async function reported(scope: RunScope, job: Job, run: () => Promise<Result<JobRecord>>): Promise<Result<JobRecord>> {
  const result = await run();
  if (!result.ok && !scope.signal.aborted) {
    scope.emit({
      type: 'job-failed',
      stage: job.stage,
      job: job.id,
      failure: result.error,
      log: scope.logFile(job.id),
    });
  }
  return result;
}

function collectInputs(
  instance: StageInstance,
  finished: ReadonlyMap<string, FinishedStage>,
): Record<string, JobInput[]> {
  const { kind } = instance.loaded;
  return Object.fromEntries(
    Object.entries(instance.inputs).map(([slot, references]) => [
      slot,
      references.map((reference) => {
        const digest = finished.get(reference.instance)?.outputs[reference.output]?.digest;
        if (digest === undefined)
          throw new Error(`${instance.id} started before ${reference.instance}.${reference.output} was there`);
        // Only slots that take many tell their artifacts apart by where they came from: renaming a stage reruns nothing else.
        if (kind.inputs[slot]?.many !== true) return { from: '', stage: '', matrix: {}, digest };
        return { from: reference.instance, stage: reference.stage, matrix: reference.matrix, digest };
      }),
    ]),
  );
}

interface ExternalWithDigests {
  readonly inputs: ExternalInputs;
  readonly digests: Readonly<Record<string, string>>;
}

async function externalInputs(scope: RunScope, instance: StageInstance): Promise<Result<ExternalWithDigests>> {
  const { kind } = instance.loaded;
  if (kind.external === undefined) return ok({ inputs: noExternal, digests: {} });
  const found = await kind.external({
    params: instance.params,
    root: scope.pipeline.root,
    env: scope.env,
    cache: scope.cacheFolder,
    notice: (text) => scope.emit({ type: 'notice', level: 'note', text, stage: instance.id }),
    signal: scope.signal,
  });
  if (!found.ok) return found;
  if (found.value.notice !== '')
    scope.emit({ type: 'notice', level: 'note', text: found.value.notice, stage: instance.id });
  try {
    return ok({ inputs: found.value, digests: await scope.store.hashes.digestAll(found.value.files) });
  } catch (problem) {
    return err(systemFailure('cannot read the data', problem));
  }
}

interface FinishedPart {
  readonly part: JobPart;
  readonly record: JobRecord;
}

/** Runs the jobs that a stage fans out into, those that are not in the store. All of them are waited for. */
async function runParts(scope: RunScope, instance: StageInstance, job: Job): Promise<Result<FinishedPart[]>> {
  const fanOut = instance.loaded.kind.fanOut;
  if (fanOut === undefined) return ok([]);
  const opened = await openInputs(scope, instance, job);
  if (!opened.ok) return opened;
  const expanded = fanOut.expand({ params: instance.params, inputs: opened.value as never });
  if (!expanded.ok) return expanded;
  const jobs: Job[] = expanded.value.map((part: PartJob<JsonObject>) => ({
    ...job,
    id: `${instance.id} ${part.name}`,
    kind: fanOut.part,
    isPart: true,
    params: part.params,
    inputs: Object.fromEntries(Object.entries(job.inputs).filter(([slot]) => Object.hasOwn(fanOut.part.inputs, slot))),
    seedParts: part.seedParts,
  }));
  const looked = jobs.map((one) => lookUp(scope, one));
  const cached = looked.filter((one) => one.ok && one.value.record !== undefined).length;
  scope.emit({ type: 'stage-started', stage: instance.id, jobs: jobs.length, cachedJobs: cached });
  const records = await Promise.all(
    looked.map(async (one): Promise<Result<JobRecord>> => {
      if (!one.ok) return one;
      const { record } = one.value;
      if (record === undefined) return reported(scope, one.value.job, () => runJob(scope, one.value, [], 0));
      emitCached(scope, one.value);
      return ok(record);
    }),
  );
  const failed = records.find((record) => !record.ok);
  if (failed !== undefined && !failed.ok) return err(failedParts(records, failed.error));
  return ok(
    records.flatMap((record, index) => {
      const part = expanded.value[index];
      if (!record.ok || part === undefined) return [];
      return [{ record: record.value, part: { name: part.name, params: part.params, outputs: record.value.outputs } }];
    }),
  );
}

function failedParts(records: readonly Result<JobRecord>[], first: Failure): Failure {
  const failed = records.filter((record) => !record.ok).length;
  return failed === 1
    ? first
    : failure(first.code, `${failed} of ${records.length} jobs failed; the first: ${first.message}`, {
        hint: first.hint,
      });
}

async function openInputs(
  scope: RunScope,
  instance: StageInstance,
  job: Job,
): Promise<Result<Record<string, Input | Input[] | undefined>>> {
  const { openArtifact } = await import('../artifact/reader.ts');
  const opened: Record<string, Input | Input[] | undefined> = {};
  for (const [slot, wanted] of Object.entries(instance.loaded.kind.inputs)) {
    const list: Input[] = [];
    for (const { stage, matrix, digest } of job.inputs[slot] ?? []) {
      const artifact = openArtifact(scope.store.layout.blob(digest));
      if (!artifact.ok) return artifact;
      list.push({ stage, matrix, artifact: artifact.value });
    }
    opened[slot] = wanted.many === true ? list : list[0];
  }
  return ok(opened);
}
