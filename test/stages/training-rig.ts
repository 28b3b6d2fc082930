import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArtifactType } from '../../src/artifact/artifact-type.ts';
import type { TableData } from '../../src/artifact/column.ts';
import { type Artifact, openArtifact } from '../../src/artifact/reader.ts';
import { writeArtifact } from '../../src/artifact/writer.ts';
import type { ModelDescription } from '../../src/model/description.ts';
import type { Input, StageKind } from '../../src/stage/stage-kind.ts';
import type { Result } from '../../src/util/result.ts';
import { brightRows } from '../tensorflow/samples.ts';

// A tiny data set and model, and a worker's way of running a kind, for the tests of the kinds that train.

const folder = mkdtempSync(join(tmpdir(), 'pipe-training-'));
export const size = { height: 4, width: 4, classes: 4 };
const count = 48;
export const made = brightRows(count, size);
export const all = Int32Array.from({ length: count }, (_, row) => row);
// 32 rows to train on in two folds, 8 to validate with, 8 to test with; each part has all classes.
export const role = Array.from(all, (row) => (row < 32 ? 'train' : row < 40 ? 'validation' : 'test'));
export const foldOf = Int32Array.from(all, (row) => (row < 32 ? Math.floor(row / 4) % 2 : -1));

let files = 0;

export function artifact(type: ArtifactType, data: TableData): Artifact {
  const path = join(folder, `${type}-${files++}`);
  const written = writeArtifact(path, type, data);
  if (!written.ok) throw new Error(written.error.message);
  const opened = openArtifact(path);
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

export function samplesWith(labels: ArrayLike<number>, ids: Int32Array = all): Artifact {
  return artifact('samples', {
    metadata: { classes: JSON.stringify(['a', 'b', 'c', 'd']), scale: '255', source: '{"title":"bright rows"}' },
    columns: [
      { name: 'id', kind: 'number', values: ids },
      { name: 'image', kind: 'tensor', shape: [4, 4], values: made.images.gather(all) as Uint8Array },
      { name: 'label', kind: 'number', values: Int32Array.from(labels) },
    ],
  });
}

export function splitWith(roles: readonly string[]): Artifact {
  return artifact('split', {
    metadata: { folds: '2' },
    columns: [
      { name: 'id', kind: 'number', values: all },
      { name: 'role', kind: 'text', values: roles },
      { name: 'fold', kind: 'number', values: foldOf },
    ],
  });
}

export const samples = samplesWith(made.labels);
export const split = splitWith(role);

export const model: ModelDescription = {
  name: 'small',
  title: 'Small',
  input: 'flat',
  layers: [
    { dense: { units: '${hyper.units}', activation: 'tanh' } },
    { dense: { units: '${data.classes}', activation: 'softmax' } },
  ],
  training: { optimizer: { adam: {} }, learningRate: '${hyper.rate}', batchSize: 8, epochs: '${hyper.epochs}' },
  hyperparameters: { units: 8, rate: 0.02, epochs: 2 },
};

interface Ran {
  readonly result: Result<void>;
  readonly outputs: Readonly<Record<string, Artifact>>;
}

/** Runs a kind as a worker does, on the pure JavaScript backend. */
export async function run(kind: unknown, params: unknown, inputs: Readonly<Record<string, Artifact>>): Promise<Ran> {
  const stage = kind as StageKind<unknown>;
  const outputs: Record<string, Artifact> = {};
  const writers = Object.entries(stage.outputs).map(([slot, { type }]) => [
    slot,
    {
      write: (data: TableData) => {
        outputs[slot] = artifact(type, data);
      },
    },
  ]);
  const opened = Object.entries(inputs).map(([slot, one]): [string, Input] => [
    slot,
    { stage: slot, matrix: {}, artifact: one },
  ]);
  const result = await stage.run({
    params,
    inputs: Object.fromEntries(opened),
    outputs: Object.fromEntries(writers),
    seed: 3,
    compute: { backend: 'cpu', version: '4.22.0', device: 'cpu', architecture: process.arch, threads: 1 },
    checkpoint: { read: () => undefined, write: () => {} },
    isExclusive: () => true,
    root: '',
    env: {},
    work: '',
    files: {},
    identity: {},
    progress: () => {},
    log: () => {},
    signal: new AbortController().signal,
    parts: [],
  });
  return { result, outputs };
}

/** The outputs of a run that must go well. */
export async function done(...job: Parameters<typeof run>): Promise<Readonly<Record<string, Artifact>>> {
  const { result, outputs } = await run(...job);
  if (!result.ok) throw new Error(result.error.message);
  return outputs;
}

export function output(outputs: Readonly<Record<string, Artifact>>, slot: string): Artifact {
  const found = outputs[slot];
  if (found === undefined) throw new Error(`no output ${slot}`);
  return found;
}
