import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openArtifact } from '../../src/artifact/reader.ts';
import { makeStudy, pipelineText, reproducibleDigests, run, start } from './study.ts';

const text = pipelineText
  .replace('  epochs: 2\n', '  epochs: 4\n  strategy: grid\n')
  .replace('wide: {units: [24, 32]}', 'wide: {units: [12, 24, 32]}')
  .replace(
    'grid: "${params.grid[matrix.model]}"}',
    'grid: "${params.grid[matrix.model]}", strategy: "${params.strategy}"}',
  );
const study = makeStudy(text);
const search = ['search[wide]', '--workers', '2'];

/** An output of the search in the newest run. */
function output(slot: string) {
  const [newest = ''] = readdirSync(join(study.store, 'runs')).sort().reverse();
  const manifest = JSON.parse(readFileSync(join(study.store, 'runs', newest, 'manifest.json'), 'utf8')) as {
    stages: Record<string, { outputs: Record<string, { digest: string }> }>;
  };
  const digest = manifest.stages['search[wide]']?.outputs[slot]?.digest ?? '';
  const artifact = openArtifact(join(study.store, 'cas/sha256', digest.slice(0, 2), digest));
  if (!artifact.ok) throw new Error(artifact.error.message);
  return artifact.value;
}

/** Fold scores by combination, those with all folds and all epochs. */
function wholeScores(): Map<string, number[]> {
  const selection = output('selection');
  const epochs = selection.has('pipe_epochs') ? selection.numbers('pipe_epochs') : undefined;
  return new Map(
    selection.texts('params').flatMap((params, row): [string, number[]][] => {
      if (epochs !== undefined && epochs[row] !== 4) return [];
      return [[params ?? '', [0, 1].map((fold) => selection.numbers(`split${fold}_test_score`)[row] ?? Number.NaN)]];
    }),
  );
}

test('halving goes on from checkpoints to the same scores, bit for bit, as whole fits have; again it does nothing', async () => {
  const halved = await run(study, ...search, '--set', 'strategy={halving: {factor: 2}}');
  expect(halved.exitCode).toBe(0);
  // Rungs of 1, 2 and 4 epochs: 3, then 2, then 1 combination on two folds.
  expect(halved.ran.filter((job) => job.includes(' fold '))).toHaveLength(2 * (3 + 2 + 1));
  const finalists = wholeScores();
  expect(finalists.size).toBe(1);
  const decisions = output('decisions');
  expect(Array.from(decisions.numbers('kept'))).toEqual([1, 1, 0, 1, 0]);
  const again = await run(study, ...search, '--set', 'strategy={halving: {factor: 2}}');
  expect(again.ran).toEqual([]);
  const whole = await run(study, ...search);
  expect(whole.exitCode).toBe(0);
  const all = wholeScores();
  expect(all.size).toBe(3);
  for (const [params, scores] of finalists) expect(all.get(params)).toEqual(scores);
});

test('another strategy takes the fits that are there: racing and coordinate run none after the grid', async () => {
  await run(study, ...search);
  for (const strategy of ['racing', 'coordinate', '{tpe: {combinations: 2, startup: 1, parallel: 1}}']) {
    const { exitCode, ran } = await run(study, ...search, '--set', `strategy=${strategy}`);
    expect([exitCode, ran]).toEqual([0, ['search[wide]']]);
  }
});

test('a search that is killed between two rounds goes on from there', async () => {
  const other = makeStudy(text);
  const strategy = ['--set', 'strategy={halving: {factor: 2}}'];
  const going = start(['run', other.file, ...search, '--json', ...strategy]);
  let rounds = 0;
  going.stdout?.on('data', (piece: Buffer) => {
    if (String(piece).includes('"stage-grew"') && ++rounds === 1) going.kill('SIGKILL');
  });
  await going;
  const next = await run(other, ...search, ...strategy);
  expect(next.exitCode).toBe(0);
  const first = next.events.flatMap((event) => (event.type === 'job-finished' && event.cached ? [event.job] : []));
  expect(first.filter((job) => job.endsWith('to epoch 1'))).toHaveLength(6);
});

test('nested and repeated cross-validation are made of the same fits: only what is new is run', async () => {
  const fresh = makeStudy(text.replace('folds: 2', 'folds: 3'));
  const wide = ['search[wide]', '--workers', '2'];
  const grid = await run(fresh, ...wide);
  expect([grid.exitCode, grid.ran.filter((job) => job.includes(' fold ')).length]).toEqual([0, 9]);
  const file = readFileSync(fresh.file, 'utf8');
  writeFileSync(fresh.file, file.replace('strategy: "${params.strategy}"', 'strategy: "${params.strategy}", outer: 3'));
  const nested = await run(fresh, ...wide);
  expect(nested.exitCode).toBe(0);
  const fits = nested.ran.filter((job) => job.includes(' fold '));
  expect(fits).toHaveLength(3 * 2 * 3);
  expect(fits.every((job) => /without fold [123], fold [123]\/3/.test(job))).toBe(true);
  writeFileSync(
    fresh.file,
    file.replace('strategy: "${params.strategy}"', 'strategy: "${params.strategy}", repeats: 2'),
  );
  const repeated = await run(fresh, ...wide);
  expect(repeated.exitCode).toBe(0);
  expect(repeated.ran.filter((job) => / fold [456]\/6 /.test(job))).toHaveLength(9);
  expect(repeated.ran.filter((job) => / fold [123]\/6 /.test(job))).toEqual([]);
});

test('a search with more epochs goes on from the fits that are there, to the bits of fits that were never cut', async () => {
  const short = makeStudy(text);
  const epochs = (count: number): string[] => ['--set', `epochs=${count}`];
  expect((await run(short, ...search, ...epochs(2))).exitCode).toBe(0);
  const grown = await run(short, ...search, ...epochs(5));
  expect(grown.exitCode).toBe(0);
  const lines = grown.events.flatMap((event) => (event.type === 'job-log' ? event.lines : []));
  expect(lines.filter((line) => line === 'goes on after epoch 2, from its checkpoint')).toHaveLength(6);
  const unbroken = makeStudy(text);
  expect((await run(unbroken, ...search, ...epochs(5))).exitCode).toBe(0);
  expect(reproducibleDigests(short.store)).toMatchObject(reproducibleDigests(unbroken.store));
  // Fewer epochs than there are cannot be taken out of them: they are trained anew.
  const fewer = await run(short, ...search, ...epochs(1));
  const again = fewer.events.flatMap((event) => (event.type === 'job-log' ? event.lines : []));
  expect(again.filter((line) => line.startsWith('goes on'))).toEqual([]);
});

test('a nested search needs three folds, and says so', async () => {
  const small = makeStudy(text.replace('strategy: "${params.strategy}"', 'strategy: "${params.strategy}", outer: 2'));
  const { exitCode, events } = await run(small, ...search);
  expect(exitCode).toBe(1);
  expect(JSON.stringify(events)).toContain('outer: 2 leaves folds out in turn, and the split has 2');
});

test.each([
  ['{halvin: {}}', 'did you mean "halving"'],
  ['{halving: {factor: 1}}', 'factor'],
  ['{coordinate: {order: [unit]}}', 'unit'],
])('the strategy %s is a mistake with its place', async (strategy, word) => {
  const { exitCode, stderr } = await run(study, ...search, '--set', `strategy=${strategy}`);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/small\.yaml:\d+:\d+: /);
  expect(stderr).toContain(word);
});
