import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Artifact, openArtifact } from '../artifact/reader.ts';
import { writeArtifact } from '../artifact/writer.ts';
import { type Failure, failure } from '../errors/failure.ts';
import { watchOthers } from '../machine/contention.ts';
import type {
  CollectedPart,
  Input,
  InputSlots,
  OutputWriter,
  Progress,
  RunContext,
  StageKind,
} from '../stage/stage-kind.ts';
import { err, ok, type Result } from '../util/result.ts';
import { openCheckpoint } from './checkpoint-file.ts';
import type { LoadedCode } from './loaded-code.ts';
import type { FinishedOutput, JobOrder, OrderedInput } from './messages.ts';

/** How a running job talks to the outside. */
export interface Performance {
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
  readonly log: (line: string) => void;
  readonly loadedCode: LoadedCode;
}

type Context = RunContext<never, InputSlots, Record<string, never>> & { readonly parts: readonly CollectedPart[] };

/** Runs one job in this process: opens its inputs, runs its kind, writes its outputs into the order's folder. */
export async function perform(
  order: JobOrder,
  performance: Performance,
): Promise<Result<Record<string, FinishedOutput>>> {
  const { loadedCode, ...told } = performance;
  const kind = await importKind(order);
  const edited = loadedCode.checkLoaded(order.code);
  if (edited !== undefined) return err(edited);
  const inputs = openInputs(kind, order);
  if (!inputs.ok) return inputs;
  const parts = openParts(order);
  if (!parts.ok) return parts;
  const stamp = sourceStamp(inputs.value, parts.value);
  const finished: Record<string, FinishedOutput> = {};
  const problems: Failure[] = [];
  const outputs: Record<string, OutputWriter> = {};
  for (const [slot, { type }] of Object.entries(kind.outputs)) {
    outputs[slot] = {
      write: (data) => {
        if (finished[slot] !== undefined) throw new Error(`output ${slot} was written twice`);
        const file = join(order.folder, slot);
        const written = writeArtifact(file, type, { ...data, metadata: { ...stamp, ...data.metadata } });
        if (written.ok) finished[slot] = { ...written.value, type, file };
        else problems.push(written.error);
      },
    };
  }
  const { params, seed, compute, files, identity, root, env } = order;
  const others = watchOthers();
  const openAt = (path: string) => openCheckpoint(path, { workFolder: order.folder, log: performance.log });
  const shared = order.sharedCheckpoint;
  const context = {
    params,
    seed,
    compute,
    isExclusive: () => order.exclusive && !others.wereBusy(),
    files,
    identity,
    root,
    env,
    // Made when the kind first asks for it: making and removing folders takes longer than many a job.
    get work() {
      const work = join(order.folder, 'work');
      mkdirSync(work, { recursive: true });
      return work;
    },
    inputs: inputs.value,
    parts: parts.value,
    outputs,
    checkpoint: { ...openAt(order.checkpoint), ...(shared === undefined ? {} : { shared: openAt(shared) }) },
    ...told,
  };
  const ran = await kind.run(context as unknown as Context);
  if (!ran.ok) return ran;
  const editedSince = loadedCode.checkLazy(order.code);
  if (editedSince !== undefined) return err(editedSince);
  if (problems[0] !== undefined) return err(problems[0]);
  const missing = Object.entries(kind.outputs).flatMap(([slot, { optional }]) =>
    finished[slot] === undefined && optional !== true ? [slot] : [],
  );
  if (missing.length > 0)
    return err(
      failure('output-missing', `the kind "${kind.kind}" ended without writing its output ${missing.join(', ')}`),
    );
  return ok(finished);
}

/** The data's source, as the first input that knows it says: every artifact that comes of the data carries it on. */
function sourceStamp(
  inputs: Readonly<Record<string, Input | readonly Input[] | undefined>>,
  parts: readonly CollectedPart[],
): Readonly<Record<string, string>> {
  const opened = Object.values(inputs).flatMap((slot) =>
    slot === undefined ? [] : 'artifact' in slot ? [slot.artifact] : slot.map((input) => input.artifact),
  );
  for (const artifact of [...opened, ...parts.flatMap((part) => Object.values(part.artifacts))]) {
    const source = artifact.metadata['source'];
    if (source !== undefined) return { source };
  }
  return {};
}

async function importKind(order: JobOrder): Promise<StageKind> {
  const exported = Object.values(
    (await import(pathToFileURL(order.module).href)) as Record<string, StageKind | undefined>,
  );
  const kind = exported.find((candidate) => candidate?.kind === order.kind && typeof candidate.run === 'function');
  const wanted = order.part ? kind?.fanOut?.part : kind;
  if (wanted === undefined) throw new Error(`${order.module} has no kind ${order.kind}`);
  return wanted as unknown as StageKind;
}

function openInputs(kind: StageKind, order: JobOrder): Result<Record<string, Input | readonly Input[] | undefined>> {
  const opened: Record<string, Input | readonly Input[] | undefined> = {};
  for (const [slot, wanted] of Object.entries(kind.inputs)) {
    const list: Input[] = [];
    for (const input of order.inputs[slot] ?? []) {
      const one = openOne(input);
      if (!one.ok) return one;
      list.push(one.value);
    }
    opened[slot] = wanted.many === true ? list : list[0];
  }
  return ok(opened);
}

function openOne(input: OrderedInput): Result<Input> {
  const artifact = openArtifact(input.path);
  return artifact.ok ? ok({ stage: input.stage, matrix: input.matrix, artifact: artifact.value }) : artifact;
}

function openParts(order: JobOrder): Result<CollectedPart[]> {
  const parts: CollectedPart[] = [];
  for (const part of order.parts) {
    const artifacts: Record<string, Artifact> = {};
    for (const [slot, path] of Object.entries(part.artifacts)) {
      const opened = openArtifact(path);
      if (!opened.ok) return opened;
      artifacts[slot] = opened.value;
    }
    parts.push({ name: part.name, params: part.params, artifacts });
  }
  return ok(parts);
}
