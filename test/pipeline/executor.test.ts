import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadPipeline } from '../../src/pipeline/load.ts';

const stages = 'stages: {ingest: {uses: ingest, with: {dataset: emnist-byclass}}}\n';

async function load(text: string, set: readonly string[] = []) {
  const file = join(mkdtempSync(join(tmpdir(), 'pipe-executor-')), 'p.yaml');
  writeFileSync(file, `pipeline: p\n${text}${stages}`);
  return loadPipeline(file, { env: {}, set });
}

test('without a word jobs run on this machine', async () => {
  const loaded = await load('');
  expect(loaded.ok && loaded.value.executor.name).toBe('local');
});

test('what is said of a cluster is read with its units; the rest has defaults', async () => {
  const loaded = await load('executor: slurm\nexecutors: {slurm: {time: 2h, memory: 16GB, gpus: a100:2, pilots: 8}}\n');
  expect(loaded.ok && loaded.value.executor).toEqual({
    name: 'slurm',
    slurm: {
      time: 7200,
      memory: 16e9,
      gpus: 'a100:2',
      pilots: 8,
      cpus: 1,
      jobs: 'many',
      idle: 60,
      flags: [],
      setup: [],
      most: { time: 4 * 7200, memory: 64e9 },
    },
  });
});

test('a profile or --set chooses by params', async () => {
  const text =
    'params: {where: local, pilots: 2}\nexecutor: "${params.where}"\nexecutors: {slurm: {pilots: "${params.pilots}"}}\n';
  const loaded = await load(text, ['where=slurm', 'pilots=6']);
  expect(loaded.ok && [loaded.value.executor.name, loaded.value.executor.slurm.pilots]).toEqual(['slurm', 6]);
});

test.each([
  ['executor: cloud\n', 'executor cannot be "cloud"', 2],
  ['executors:\n  slurm:\n    time: soon\n', 'time must be a duration, got "soon"', 4],
  ['executors:\n  slurm:\n    memory: 5 apples\n', 'memory must be a size of at least 1 MiB, got "5 apples"', 4],
  ['executors:\n  slurm:\n    pilots: 0\n', 'pilots must be a whole number of at least 1, got 0', 4],
  [
    'executors:\n  slurm:\n    gpus: many\n',
    'gpus must be a number of GPUs, with their type or without, got "many"',
    4,
  ],
  ['executors:\n  slurm:\n    setup: ["a\\nb"]\n', '"0" must match', 4],
  ['executors:\n  slurm:\n    partitoin: gpu\n', '"partitoin" is not known here', 4],
])('%j is refused with its place', async (text, message, line) => {
  const loaded = await load(text);
  if (loaded.ok) throw new Error('it was taken');
  expect(loaded.error.map((one) => one.message).join('; ')).toContain(message);
  expect(loaded.error[0]?.location?.line).toBe(line);
});
