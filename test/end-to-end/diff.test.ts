import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { beforeAll, expect, test } from 'vitest';
import type { RunDiff } from '../../src/diff/run-diff.ts';
import { makeStudy, pipelineText, run, start } from './study.ts';

const study = makeStudy(pipelineText.replaceAll('[wide, dropping]', '[wide]'));

beforeAll(async () => {
  await run(study);
  await run(study, '--set', 'epochs=1');
});

const diff = (...args: readonly string[]) => start(['diff', ...args, '--store', study.store]);

test('the cause comes first, then the stages, then what each artifact says of it', async () => {
  const { exitCode, stdout } = await diff('@2', '@1');
  expect(exitCode).toBe(1);
  const [cause = 0, stages = 0, scores = 0] = ['epochs 2 → 1', 'the same', 'evaluate[wide].predictions'].map((word) =>
    stdout.indexOf(word),
  );
  expect(cause).toBeGreaterThan(0);
  expect(stages).toBeGreaterThan(cause);
  expect(scores).toBeGreaterThan(stages);
  expect(stdout).toMatch(/=\s+ingest normalise split\s+the same/);
  expect(stdout).toMatch(/turned right and \d+ turned wrong \(McNemar/);
});

test('JSON has the published schema', async () => {
  const { stdout, exitCode } = await diff('@2', '@1', '--json');
  expect(exitCode).toBe(1);
  const facts = JSON.parse(stdout) as RunDiff & { same: boolean };
  const validate = new Ajv({ strict: false }).compile(JSON.parse(readFileSync('schema/diff.schema.json', 'utf8')));
  expect([validate(facts), validate.errors]).toEqual([true, null]);
  expect(facts.same).toBe(false);
  expect(facts.causes[0]?.changes[0]?.leaf).toContain('epochs');
});

test('a run and itself are the same; a run that computed the same again too, with exit code 0', async () => {
  expect((await diff('@1', '@1')).exitCode).toBe(0);
  await run(study, '--set', 'epochs=1', '--force', 'split');
  const { stdout, exitCode } = await diff('@2', '@1', 'split');
  expect([exitCode, stdout.includes('The results are the same.')]).toEqual([0, true]);
  await start(['runs', 'delete', '@1', '--store', study.store]);
});

test('a gate decides the exit code, and names what it met', async () => {
  const passed = await diff('@2', '@1', '--gate', 'accuracy >= -1');
  expect([passed.exitCode, passed.stdout.includes('passed  accuracy >= -1: evaluate[wide] accuracy')]).toEqual([
    0,
    true,
  ]);
  const failed = await diff('@2', '@1', '--gate', 'evaluate[wide] macro f1 > 1');
  expect([failed.exitCode, failed.stdout.includes('FAILED')]).toEqual([1, true]);
  const unknown = await diff('@2', '@1', '--gate', 'acuracy > 1');
  expect(unknown.exitCode).toBe(2);
  expect(unknown.stderr).toContain('no score is called "acuracy"');
  const nonsense = await diff('@2', '@1', '--gate', 'accuracy');
  expect(nonsense.stderr).toContain("write --gate 'accuracy >= -0.002'");
});

test('the page has all of it, needs no network and runs nothing', async () => {
  const page = join(study.folder, 'diff.html');
  expect((await diff('@2', '@1', '--html', page)).exitCode).toBe(1);
  const text = readFileSync(page, 'utf8');
  for (const part of ['What changed first', 'epochs 2 → 1', 'evaluate[wide].predictions', 'turned wrong'])
    expect(text).toContain(part);
  expect(text).not.toMatch(/https?:|<script|<link|@import/i);
});

test('Markdown stands in a fence', async () => {
  const { stdout } = await diff('@2', '@1', '--md');
  expect(stdout).toMatch(/^### pipe diff: The results differ\.\n\n```text\n[\s\S]*\n```$/);
  expect(stdout).not.toContain('\u001b');
});

test('what two stages made can be compared, and two Arrow files by their paths', async () => {
  const stages = await diff('evaluate[wide]@2', 'evaluate[wide]@1');
  expect([stages.exitCode, stages.stdout.includes('evaluate[wide].metrics')]).toEqual([1, true]);
  const files = ['@2', '@1'].map((at, index) => ({ at, path: join(study.folder, `history-${index}.arrow`) }));
  for (const { at, path } of files) await start(['export', `fit.history${at}`, '-o', path, '--store', study.store]);
  const [one, other] = files.map(({ path }) => path) as [string, string];
  const compared = await diff(one, other);
  expect([compared.exitCode, compared.stderr]).toEqual([1, '']);
  expect(compared.stdout).toContain('rows paired by epoch');
  expect((await diff(one, one)).exitCode).toBe(0);
});

test('missing runs and files that are no artifacts are said, with exit code 2', async () => {
  const missing = await diff('@1', '@77');
  expect([missing.exitCode, missing.stderr.includes('there is no run @77')]).toEqual([2, true]);
  const stage = await diff('@2', '@1', 'evaluat');
  expect([stage.exitCode, stage.stderr.includes('neither run has a stage "evaluat"')]).toEqual([2, true]);
  const path = join(study.folder, 'no.arrow');
  writeFileSync(path, 'ARROW1 no');
  const broken = await diff(path, path);
  expect([broken.exitCode, broken.stderr.includes('not a whole Arrow file')]).toEqual([2, true]);
});

test('an artifact that is gone is said, and the rest of the diff is still shown', async () => {
  const [, older = ''] = readdirSync(join(study.store, 'runs')).sort().reverse();
  const manifest = JSON.parse(readFileSync(join(study.store, 'runs', older, 'manifest.json'), 'utf8')) as {
    stages: Record<string, { outputs: Record<string, { digest: string }> }>;
  };
  const digest = manifest.stages['fit[wide]']?.outputs['weights']?.digest ?? '';
  rmSync(join(study.store, 'cas/sha256', digest.slice(0, 2), digest));
  const { exitCode, stdout } = await diff('@2', '@1');
  expect(exitCode).toBe(2);
  expect(stdout).toContain('is not in the store any more');
  expect(stdout).toContain('fit[wide].history');
});

test('an artifact is shown with its columns, statistics, first rows, and pictures of samples', async () => {
  const shown = await start(['show', 'normalise', '--pictures', '1', '--store', study.store]);
  expect(shown.exitCode).toBe(0);
  expect(shown.stdout).toMatch(/image +uint8\[28, 28\] +0/);
  expect(shown.stdout.split('\n').filter((line) => /[=+*#%@]{6}/.test(line)).length).toBeGreaterThan(2);
  const facts = await start(['show', 'fit.history', '--json', '--store', study.store]);
  expect(JSON.parse(facts.stdout)).toMatchObject({ schema: 'pipe.show/1', type: 'history', first: [{ epoch: 1 }] });
  const unknown = await start(['show', 'fit.histry', '--store', study.store]);
  expect([unknown.exitCode, unknown.stderr.includes('did you mean "history"')]).toEqual([2, true]);
});

test('runs are found by the commit that they were made at', async () => {
  const project = makeStudy(pipelineText.replaceAll('[wide, dropping]', '[wide]'));
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@x', ...args], { cwd: project.folder });
  git('init', '-q');
  git('commit', '-q', '--allow-empty', '-m', 'one');
  await run(project, 'split');
  git('commit', '-q', '--allow-empty', '-m', 'two');
  await run(project, 'split', '--set', 'seed=9');
  const compared = await start(['diff', 'git:HEAD~1', 'git:HEAD', '--store', project.store], { cwd: project.folder });
  expect([compared.exitCode, compared.stderr]).toEqual([1, '']);
  expect(compared.stdout).toContain("split: the pipeline's seed changed");
  const unknown = await start(['diff', 'git:nonsense', '@1', '--store', project.store], { cwd: project.folder });
  expect([unknown.exitCode, unknown.stderr.includes('git knows no revision "nonsense" here')]).toEqual([2, true]);
});
