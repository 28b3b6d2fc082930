import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { makeStudy, run, start } from './study.ts';

const study = makeStudy();

beforeAll(async () => {
  await run(study);
});

test('a run is reported from what it left, with its stages, its workers and what it ran on', async () => {
  const page = join(study.folder, 'run.html');
  const { exitCode, stdout } = await start(['report', '@1', '-o', page, '--store', study.store]);
  expect([exitCode, stdout]).toEqual([0, page]);
  const text = readFileSync(page, 'utf8');
  for (const part of [
    'What each worker did',
    'The stages of the run',
    'search[wide]',
    'TensorFlow',
    'Is it more than chance?',
  ])
    expect(text.includes(part), part).toBe(true);
  expect(text.match(/class="stage-box ran"/g)).toHaveLength(10);
  expect(text).toMatch(/<code>(?:git checkout \w+\n)?pipe run [\w-]+\.yaml\npipe report @1<\/code>/);
  // It is given away: where the project lies is nobody's business.
  expect(text).not.toContain(study.folder);
  expect(text).not.toMatch(/https?:|<script|<link|@import/i);
  // What the report stage of the pipeline says of the models stands here too.
  const accuracies = (page_: string): string[] =>
    [...page_.matchAll(/accuracy (\d+\.\d)/g)].map(([, value]) => value ?? '');
  const own = readFileSync(join(study.store, 'reports/small-report.html'), 'utf8');
  expect(accuracies(text)[0]).toBe(accuracies(own)[0]);
});

test('in short, as Markdown', async () => {
  const { stdout, exitCode } = await start(['report', '--md', '--store', study.store]);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^# Model comparison\n/);
  expect(stdout).toMatch(/\| Model \| Accuracy \[95 %\] \|/);
  expect(stdout).toContain('```mermaid\nflowchart TD\n');
  expect(stdout).toMatch(/```sh\n[^`]*pipe run [^`]*```/);
  expect(stdout).toContain('- [x] Training converges');
});

test('a run without scores, and one that is not there, are said, with exit code 2', async () => {
  await run(study, 'split');
  const none = await start(['report', '@1', '--store', study.store]);
  expect([none.exitCode, none.stderr.includes('has no scores to report')]).toEqual([2, true]);
  expect((await start(['report', '@99', '--store', study.store])).exitCode).toBe(2);
});

test('figures are written as files, one by name too, and a name that is none is said', async () => {
  const folder = join(study.folder, 'figures');
  const all = await start(['plot', '@2', '-o', folder, '--store', study.store]);
  expect(all.exitCode).toBe(0);
  expect(readFileSync(join(folder, 'scatter.svg'), 'utf8')).toContain('xmlns="http://www.w3.org/2000/svg"');
  expect(readFileSync(join(folder, 'folds-0-0.svg'), 'utf8')).toContain('held out');
  expect(readFileSync(join(folder, 'timeline.svg'), 'utf8')).toContain('worker 1');
  const one = await start(['plot', '@2', 'scatter', '--format', 'png', '-o', folder, '--store', study.store]);
  expect(one.stdout).toBe(join(folder, 'scatter.png'));
  expect(readFileSync(join(folder, 'scatter.png')).subarray(1, 4).toString()).toBe('PNG');
  const none = await start(['plot', '@2', 'scater', '--store', study.store]);
  expect([none.exitCode, none.stderr.includes('did you mean "scatter"')]).toEqual([2, true]);
});
