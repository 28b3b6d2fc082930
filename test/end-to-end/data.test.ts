import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { cleanEnvironment, makeStudy, parseEvents, reproducibleDigests, run, start } from './study.ts';

/** Data and a network that needs every kernel of the study: convolution, pooling, an LSTM, dropout. */
const text = `pipeline: characters
params: {seed: 5}
models:
  mixed:
    input: image
    layers:
      - conv2d: {filters: 4, kernelSize: 3, activation: relu}
      - maxPooling2d: {poolSize: 4}
      - reshape: {targetShape: [6, 24]}
      - lstm: {units: 12}
      - dropout: {rate: 0.1}
      - dense: {units: "\${data.classes}", activation: softmax}
    training: {optimizer: adam, learningRate: "\${hyper.rate}", batchSize: 16, epochs: 1}
    hyperparameters: {rate: 0.01}
stages:
  ingest: {uses: ingest, with: {dataset: emnist-byclass, sources: [{folder: data}]}}
  normalise: {uses: normalise, from: {samples: ingest}}
  split: {uses: split, from: {samples: normalise}, with: {test: 0.2, validation: 0.2, folds: 3}}
  search:
    uses: grid-search
    from: {samples: normalise, split: split}
    with: {model: mixed, grid: {rate: [0.01, 0.02]}}
  fit: {uses: fit, from: {samples: normalise, split: split, search: search}, with: {model: mixed}}
  evaluate: {uses: evaluate, from: {weights: fit, samples: normalise, split: split}}
`;

const study = makeStudy(text);
const images = join(study.folder, 'data', 'emnist-byclass-train-images-idx3-ubyte');

beforeAll(async () => {
  const first = await run(study, '--workers', '3');
  expect([first.exitCode, first.stderr]).toEqual([0, '']);
});

test('convolution, LSTM and dropout train to the same bits on one worker as on three, in another folder too', async () => {
  const other = makeStudy(text);
  expect((await run(other, '--workers', '1')).exitCode).toBe(0);
  expect(reproducibleDigests(other.store)).toEqual(reproducibleDigests(study.store));
});

test('data that was touched but not changed runs nothing', async () => {
  utimesSync(images, new Date(), new Date());
  expect((await run(study)).ran).toEqual([]);
});

test('a study that was moved with its data and its store runs nothing', async () => {
  const moved = join(mkdtempSync(join(tmpdir(), 'pipe-moved-')), 'elsewhere');
  cpSync(study.folder, moved, { recursive: true, preserveTimestamps: true });
  expect((await run({ file: join(moved, 'small.yaml') })).ran).toEqual([]);
});

test('PIPE_DATA names another folder with the same data: nothing runs, and the notice says where from', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pipe-data-'));
  cpSync(join(study.folder, 'data'), folder, { recursive: true });
  const { stdout } = await start(['run', study.file, '--json'], { env: cleanEnvironment({ PIPE_DATA: folder }) });
  const events = parseEvents(stdout);
  expect(events.filter((event) => event.type === 'job-started')).toEqual([]);
  expect(events.flatMap((event) => (event.type === 'notice' ? [event.text] : [])).join()).toContain(folder);
});

test('PIPE_DATA without the data fails in words, and computes nothing from other data instead', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pipe-data-'));
  const { exitCode, stdout, stderr } = await start(['run', study.file], {
    env: cleanEnvironment({ PIPE_DATA: folder }),
  });
  expect(exitCode).toBe(1);
  expect(`${stdout}${stderr}`).toContain(`PIPE_DATA is ${folder}`);
  expect(`${stdout}${stderr}`).toContain('emnist-byclass');
});

test('no artifact holds a path of the machine', () => {
  const cas = join(study.store, 'cas', 'sha256');
  const blobs = readdirSync(cas).flatMap((shard) =>
    readdirSync(join(cas, shard)).map((name) => join(cas, shard, name)),
  );
  expect(blobs.length).toBeGreaterThan(10);
  expect(blobs.filter((blob) => readFileSync(blob).includes(study.folder))).toEqual([]);
});

test('one changed pixel runs all that comes of the data', async () => {
  const bytes = readFileSync(images);
  bytes[400] = (bytes[400] as number) ^ 1;
  renameSync(images, `${images}.before`);
  writeFileSync(images, bytes);
  const { exitCode, ran } = await run(study);
  expect(exitCode).toBe(0);
  expect(ran).toEqual(expect.arrayContaining(['ingest', 'normalise', 'search', 'fit', 'evaluate']));
  // The split reads ids and labels only, but its input is the whole artifact.
  expect(ran).toHaveLength(12);
  renameSync(`${images}.before`, images);
  expect((await run(study)).ran).toEqual([]);
});
