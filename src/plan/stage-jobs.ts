import type { Artifact } from '../artifact/reader.ts';
import { systemFailure } from '../errors/system.ts';
import type { StageInstance } from '../pipeline/pipeline.ts';
import type { CollectedPart, ExternalInputs, Input, PartJob } from '../stage/stage-kind.ts';
import type { JobRecord, StoredOutput } from '../store/record.ts';
import type { JsonObject } from '../util/json.ts';
import { err, ok, type Result } from '../util/result.ts';
import type { Job, JobInput, PlanScope } from './job.ts';

/** What is known of a stage instance that others read from: its outputs. */
export interface KnownStage {
  readonly outputs: Readonly<Record<string, StoredOutput>>;
}

/** Bytes of an artifact above which it is not opened to decide on the next round. */
const largestRead = 1 << 20;

const noExternal: ExternalInputs = { files: {}, identity: {}, notice: '' };

/** The job of a stage instance whose inputs are known. Files outside the store are found and hashed. */
export async function stageJob(
  scope: PlanScope,
  instance: StageInstance,
  known: ReadonlyMap<string, KnownStage>,
): Promise<Result<Job>> {
  const external = await externalInputs(scope, instance);
  if (!external.ok) return external;
  return ok({
    id: instance.id,
    stage: instance.id,
    loaded: instance.loaded,
    kind: instance.loaded.kind,
    isPart: false,
    params: instance.params,
    inputs: collectInputs(instance, known),
    external: external.value.inputs,
    externalDigests: external.value.digests,
    seedParts: [],
    round: 0,
    resources: instance.resources,
    execution: instance.execution,
  });
}

function collectInputs(instance: StageInstance, known: ReadonlyMap<string, KnownStage>): Record<string, JobInput[]> {
  const { kind } = instance.loaded;
  return Object.fromEntries(
    Object.entries(instance.inputs).map(([slot, references]) => [
      slot,
      references.map((reference) => {
        const digest = known.get(reference.instance)?.outputs[reference.output]?.digest;
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

async function externalInputs(scope: PlanScope, instance: StageInstance): Promise<Result<ExternalWithDigests>> {
  const { kind } = instance.loaded;
  if (kind.external === undefined) return ok({ inputs: noExternal, digests: {} });
  const found = await kind.external({
    params: instance.params,
    root: scope.pipeline.root,
    env: scope.env,
    cache: scope.cacheFolder,
    store: scope.store.layout.root,
    offline: scope.offline,
    notice: (text) => scope.note(instance.id, text),
    signal: scope.signal,
  });
  if (!found.ok) return found;
  if (found.value.notice !== '') scope.note(instance.id, found.value.notice);
  try {
    return ok({ inputs: found.value, digests: await scope.store.hashes.digestAll(found.value.files) });
  } catch (problem) {
    return err(systemFailure('cannot read the data', problem));
  }
}

/** A job that a stage fans out into, with its name among its siblings. */
export interface NamedPart {
  readonly name: string;
  readonly job: Job;
}

/** A part that is done. */
export interface FinishedPart {
  readonly name: string;
  readonly params: JsonObject;
  readonly record: JobRecord;
}

/**
 * The jobs that a stage fans out into; none for a stage that is one job, or, of one that fans out in rounds, when those that are
 * `finished` were the last. Its input artifacts must be there, and those of the finished parts.
 */
export async function stageParts(
  scope: PlanScope,
  instance: StageInstance,
  job: Job,
  finished: readonly FinishedPart[] = [],
): Promise<Result<NamedPart[]>> {
  const fanOut = instance.loaded.kind.fanOut;
  if (fanOut === undefined || (finished.length > 0 && !fansOutInRounds(instance))) return ok([]);
  const opened = await openInputs(scope, instance, job);
  if (!opened.ok) return opened;
  const collected = await openFinished(scope, finished);
  if (!collected.ok) return collected;
  const expanded = fanOut.expand({
    params: instance.params,
    inputs: opened.value as never,
    finished: collected.value,
  });
  if (!expanded.ok) return expanded;
  const done = new Map(finished.map((part) => [part.name, part.record]));
  return ok(
    expanded.value.map((part: PartJob<JsonObject>) => ({
      name: part.name,
      job: {
        ...job,
        id: `${instance.id} ${part.name}`,
        kind: fanOut.part,
        isPart: true,
        params: part.params,
        inputs: {
          ...Object.fromEntries(Object.entries(job.inputs).filter(([slot]) => Object.hasOwn(fanOut.part.inputs, slot))),
          ...inputsOfParts(part, done),
        },
        seedParts: part.seedParts,
        ...(part.likeness === undefined ? {} : { likeness: part.likeness }),
        round: part.round ?? 0,
      },
    })),
  );
}

/** Whether more parts may come when the first ones are done. */
export function fansOutInRounds({ loaded, params }: StageInstance): boolean {
  return loaded.kind.fanOut?.rounds?.(params) === true;
}

function inputsOfParts(part: PartJob<JsonObject>, done: ReadonlyMap<string, JobRecord>): Record<string, JobInput[]> {
  return Object.fromEntries(
    Object.entries(part.inputs ?? {}).map(([slot, { part: name, output }]) => {
      const digest = done.get(name)?.outputs[output]?.digest;
      if (digest === undefined) throw new Error(`${part.name} reads ${output} of ${name}, which is not there`);
      return [slot, [{ from: '', stage: '', matrix: {}, digest }]];
    }),
  );
}

async function openFinished(scope: PlanScope, finished: readonly FinishedPart[]): Promise<Result<CollectedPart[]>> {
  const { openArtifact } = await import('../artifact/reader.ts');
  const opened: CollectedPart[] = [];
  for (const { name, params, record } of finished) {
    const artifacts: Record<string, Artifact> = {};
    for (const [slot, { digest, size }] of Object.entries(record.outputs)) {
      // Scores and the like are small; a checkpoint, which decides nothing, is not read for it.
      if (size > largestRead) continue;
      const artifact = openArtifact(scope.store.layout.blob(digest));
      if (!artifact.ok) return artifact;
      artifacts[slot] = artifact.value;
    }
    opened.push({ name, params, artifacts });
  }
  return ok(opened);
}

async function openInputs(
  scope: PlanScope,
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
