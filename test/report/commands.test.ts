import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { commandsToRepeat, shellWord } from '../../src/report/commands.ts';
import type { RunFacts } from '../../src/report/run-facts.ts';
import type { Study } from '../../src/report/study.ts';

const study = (pipeline: string, run?: Partial<RunFacts>) =>
  ({ pipeline, ...(run ? { run } : {}) }) as unknown as Study;

test('a run is repeated from its commit, with its profile', () => {
  expect(commandsToRepeat(study('pipelines/a.yaml', { commit: 'c0ffee', profile: 'study' }))).toEqual([
    'git checkout c0ffee',
    'pipe run pipelines/a.yaml --profile study',
    'pipe report @1',
  ]);
});

test('the default profile need not be named, and a study of no run has its pipeline alone', () => {
  expect(commandsToRepeat(study('a.yaml', { profile: 'default' }))).toEqual(['pipe run a.yaml', 'pipe report @1']);
  expect(commandsToRepeat(study('a.yaml'))).toEqual(['pipe run a.yaml']);
});

test.each(["it's.yaml", '$(touch x).yaml', 'a b;c.yaml', '`x`', '"'])('the name %s is one word to a shell', (name) => {
  const seen = execFileSync('sh', ['-c', `printf '[%s]' ${shellWord(name)}`], { encoding: 'utf8' });
  expect(seen).toBe(`[${name}]`);
});
