import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type FinishedRun, makeStudy, pipelineText, reproducibleDigests, run, start } from './study.ts';

const study = makeStudy();
let first: FinishedRun;

beforeAll(async () => {
  first = await run(study);
});

/** A copy of the finished store, to break. */
function copyOfStore(): string {
  const copy = join(mkdtempSync(join(tmpdir(), 'pipe-store-')), 'artifacts');
  cpSync(study.store, copy, { recursive: true, preserveTimestamps: true });
  return copy;
}

function blobs(store: string): string[] {
  const cas = join(store, 'cas', 'sha256');
  return readdirSync(cas).flatMap((shard) => readdirSync(join(cas, shard)).map((name) => join(cas, shard, name)));
}

describe('a first run', () => {
  test('does every job once and ends well', () => {
    expect(first.stderr).toBe('');
    expect(first.exitCode).toBe(0);
    expect(new Set(first.ran).size).toBe(first.ran.length);
    expect(first.ran.filter((job) => job.includes(' fold '))).toHaveLength(8);
    expect(first.ran.filter((job) => !job.includes(' fold '))).toHaveLength(10);
  });

  test('learns what there is to learn', () => {
    const scores = first.events.flatMap((event) =>
      event.type === 'job-finished' && event.job === 'evaluate[wide]' ? [event.score ?? 0] : [],
    );
    expect(scores[0]).toBeGreaterThan(0.9);
  });

  test('leaves a report that names the families and the data', () => {
    const report = readFileSync(join(study.store, 'reports', 'small-report.html'), 'utf8');
    for (const words of ['wide', 'dropping', 'EMNIST ByClass']) expect(report).toContain(words);
  });
});

test('the second run does nothing, starts nothing, reports every stage as cached, and takes less than a second', async () => {
  const runs = [await run(study), await run(study), await run(study)];
  for (const { exitCode, events, ran } of runs) {
    expect(exitCode).toBe(0);
    expect(ran).toEqual([]);
    expect(events.some((event) => event.type === 'job-started')).toBe(false);
    expect(events.flatMap((event) => (event.type === 'stage-finished' ? [event.status] : []))).toEqual(
      new Array(10).fill('cached'),
    );
  }
  const seconds = runs.flatMap(({ events }) =>
    events.flatMap((event) => (event.type === 'run-finished' ? [event.seconds] : [])),
  );
  expect(Math.min(...seconds)).toBeLessThan(1);
});

test('another value in a dropout grid runs its folds, the collecting job, and what follows; nothing else', async () => {
  const store = copyOfStore();
  const { ran, exitCode } = await run(study, '--store', store, '--set', 'grid.dropping.dropout=[0.1, 0.3, 0.2]');
  expect(exitCode).toBe(0);
  // The ranking is another one, so the fit runs; what follows it runs only if another combination won.
  const mayFollow = ['evaluate[dropping]', 'report'];
  expect(ran.filter((job) => !mayFollow.includes(job))).toEqual([
    'fit[dropping]',
    'search[dropping]',
    'search[dropping] fold 1/2 dropout=0.2',
    'search[dropping] fold 2/2 dropout=0.2',
  ]);
  const sameWeights =
    reproducibleDigests(store)['fit[dropping].weights'] === reproducibleDigests(study.store)['fit[dropping].weights'];
  expect(ran.includes('evaluate[dropping]')).toBe(!sameWeights);
});

test('a comment and another order in the YAML run nothing', async () => {
  const text = `# a comment\n${pipelineText.replace('{test: 0.2, validation: 0.2, folds: 2}', '{folds: 2, validation: 0.2, test: 0.20}')}`;
  const file = join(study.folder, 'reordered.yaml');
  writeFileSync(file, text);
  expect((await run({ file })).ran).toEqual([]);
});

test('another seed runs all that is random again', async () => {
  const { ran } = await run(study, '--store', copyOfStore(), '--set', 'seed=4');
  expect(ran).toEqual(expect.arrayContaining(['split', 'fit[wide]', 'evaluate[wide]']));
  // Early cutoff: all rows are taken whatever the seed is, so that what follows ingest alone stays cached.
  expect(ran).not.toContain('normalise');
});

test('1, 2 and 3 workers make the same artifacts, bit for bit', async () => {
  const wanted = reproducibleDigests(study.store);
  for (const workers of ['1', '3']) {
    const store = join(mkdtempSync(join(tmpdir(), 'pipe-store-')), 'artifacts');
    const { exitCode } = await run(study, '--store', store, '--workers', workers);
    expect(exitCode).toBe(0);
    expect(reproducibleDigests(store)).toEqual(wanted);
  }
});

test('a damaged artifact is set aside, said, and computed again to the same bytes', async () => {
  const store = copyOfStore();
  const wanted = reproducibleDigests(store);
  const [split = ''] = Object.entries(wanted).flatMap(([name, digest]) => (name === 'split.split' ? [digest] : []));
  const blob = join(store, 'cas', 'sha256', split.slice(0, 2), split);
  const bytes = readFileSync(blob);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 255;
  chmodSync(blob, 0o644);
  writeFileSync(blob, bytes);
  const { exitCode, events, ran } = await run(study, '--store', store);
  expect(exitCode).toBe(0);
  expect(ran).toEqual(['split']);
  expect(
    events.flatMap((event) => (event.type === 'notice' && event.level === 'warning' ? [event.text] : [])).join(),
  ).toContain('quarantine');
  expect(readdirSync(join(store, 'quarantine'))).toHaveLength(1);
  expect(reproducibleDigests(store)).toEqual(wanted);
});

test('removed artifacts are computed again', async () => {
  const store = copyOfStore();
  for (const blob of blobs(store)) rmSync(blob, { force: true });
  const { exitCode, ran } = await run(study, '--store', store);
  expect(exitCode).toBe(0);
  expect(ran).toEqual(first.ran);
  expect(reproducibleDigests(store)).toEqual(reproducibleDigests(study.store));
});

test('two runs on one store at once do each job once', async () => {
  const store = join(mkdtempSync(join(tmpdir(), 'pipe-store-')), 'artifacts');
  const both = await Promise.all([run(study, '--store', store), run(study, '--store', store)]);
  expect(both.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  expect(both.flatMap(({ ran }) => ran).sort()).toEqual(first.ran);
  expect(readdirSync(join(store, 'leases', 'owners'))).toEqual([]);
  expect(reproducibleDigests(store)).toEqual(reproducibleDigests(study.store));
});

test('a report can be exported, an artifact too', async () => {
  const output = join(study.folder, 'exported.html');
  const { exitCode } = await start(['export', 'report', '-o', output, '--store', study.store]);
  expect(exitCode).toBe(0);
  expect(readFileSync(output, 'utf8')).toContain('<!doctype html>');
  const arrow = join(study.folder, 'metrics.arrow');
  await start(['export', 'evaluate[wide].metrics', '-o', arrow, '--store', study.store]);
  expect(existsSync(arrow)).toBe(true);
  const wrong = await start(['export', 'reprot', '--store', study.store]);
  expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining('did you mean "report"?')]);
});
