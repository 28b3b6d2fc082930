import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import type { TableData } from '../../src/artifact/column.ts';
import { openArtifact } from '../../src/artifact/reader.ts';
import { writeArtifact } from '../../src/artifact/writer.ts';
import { ingest } from '../../stages/ingest.ts';
import { writeEmnist } from '../data/idx.ts';

type Params = Parameters<typeof ingest.run>[0]['params'];
const signal = new AbortController().signal;

const folder = mkdtempSync(join(tmpdir(), 'pipe-ingest-'));
writeEmnist(join(folder, 'data'), 'train', [0, 1, 2]);
writeEmnist(join(folder, 'data'), 'test', [61, 10]);

/** `with:` of a pipeline after the schema has checked it and filled in its defaults. */
function paramsOf(given: Record<string, unknown>): Params {
  const params = structuredClone(given);
  const validate = new Ajv({ useDefaults: true }).compile(ingest.params);
  if (!validate(params)) throw new Error(JSON.stringify(validate.errors));
  return params as unknown as Params;
}

async function run(given: Record<string, unknown>, seed = 1) {
  const params = paramsOf(given);
  const context = {
    params,
    root: folder,
    env: {},
    cache: join(folder, 'cache'),
    store: '',
    offline: false,
    notice: () => {},
    signal,
  };
  const external = await ingest.external?.(context);
  if (!external?.ok) throw new Error(JSON.stringify(external?.error));
  const log: string[] = [];
  let written: TableData | undefined;
  const result = await ingest.run({
    params,
    inputs: {},
    outputs: {
      samples: {
        write: (data) => {
          written = data;
        },
      },
    },
    seed,
    compute: { backend: 'cpu', version: '', device: 'cpu', architecture: process.arch, threads: 1 },
    checkpoint: { read: () => undefined, write: () => {} },
    isExclusive: () => false,
    root: '',
    env: {},
    work: '',
    files: external.value.files,
    identity: external.value.identity,
    progress: () => {},
    log: (line) => log.push(line),
    signal,
    parts: [],
  });
  return { result, written, log };
}

function opened(data: TableData | undefined) {
  if (data === undefined) throw new Error('nothing was written');
  const path = join(mkdtempSync(join(tmpdir(), 'pipe-ingest-')), 'samples');
  const written = writeArtifact(path, 'samples', data);
  const artifact = openArtifact(path);
  if (!written.ok || !artifact.ok) throw new Error('not an artifact');
  return { artifact: artifact.value, digest: written.value.digest };
}

test('files become samples with id, image, label and partition', async () => {
  const { written } = await run({ dataset: 'emnist-byclass' });
  const { artifact } = opened(written);
  expect(artifact.columns).toEqual(['id', 'image', 'label', 'partition']);
  expect([...artifact.numbers('id')]).toEqual([0, 1, 2, 3, 4]);
  expect([...artifact.numbers('label')]).toEqual([0, 1, 2, 61, 10]);
  expect(artifact.texts('partition')).toEqual(['train', 'train', 'train', 'test', 'test']);
  expect(artifact.tensor('image').shape).toEqual([28, 28]);
  expect([artifact.tensor('image').row(1)[0], artifact.tensor('image').row(4)[0]]).toEqual([1, 1]);
  expect(JSON.parse(artifact.metadata['classes'] ?? '')).toHaveLength(62);
  expect(artifact.metadata).toMatchObject({ dataset: 'emnist-byclass', scale: '1', missing: '0' });
});

test('no path of the machine enters the artifact', async () => {
  const { written } = await run({ dataset: 'emnist-byclass' });
  expect(JSON.stringify(written?.metadata)).not.toContain(folder);
  expect(JSON.parse(written?.metadata?.['source'] ?? '')).toMatchObject({ format: 'idx' });
});

test('drawn rows are written with a title that says what they are, the same bytes for the same seed', async () => {
  const given = { dataset: 'emnist-byclass', sources: [{ drawn: {} }], limit: 64 };
  const first = opened((await run(given, 5)).written);
  const second = opened((await run(given, 5)).written);
  const other = opened((await run(given, 6)).written);
  expect(first.artifact.rows).toBe(64);
  expect(first.artifact.metadata['source']).toContain('not EMNIST');
  expect(second.digest).toBe(first.digest);
  expect(other.digest).not.toBe(first.digest);
});

test('parameters have defaults, and a source is exactly one of its kinds', () => {
  expect(paramsOf({ dataset: 'mnist' })).toEqual({
    dataset: 'mnist',
    sources: [{ folder: 'data' }, { archive: 'emnist' }, { drawn: {} }],
    subset: 'all',
    missing: 'error',
  });
  expect(() => paramsOf({ dataset: 'mnist', sources: [{ folder: 'data', drawn: {} }] })).toThrow('maxProperties');
  expect(() => paramsOf({ dataset: 'mnist', sources: [{ archive: 'imagenet' }] })).toThrow('enum');
  expect(() => paramsOf({ dataset: 'mnist', limits: 3 })).toThrow('additionalProperties');
});
