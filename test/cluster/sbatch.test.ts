import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { batchScript, parcelScript, quoted, slurmTime, submitArguments } from '../../src/cluster/sbatch.ts';
import { defaultSlurm } from '../../src/pipeline/executor.ts';

test('a shell reads a quoted word as it was, whatever is in it', () => {
  const word = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !/[\0\n\r]/.test(text));
  fc.assert(
    fc.property(word, (text) => {
      expect(execFileSync('bash', ['-c', `printf %s ${quoted(text)}`], { encoding: 'utf8' })).toBe(text);
    }),
    { seed: 5, numRuns: 60 },
  );
});

test('a word with a line end never gets into a script', () => {
  expect(() => quoted('a\nrm -rf b')).toThrow();
});

test("the site's own lines come first, then the pilot in the shell's place", () => {
  const script = batchScript({ setup: ['echo ready'] }, ['echo', "it's $HOME"]);
  expect(execFileSync('bash', ['-c', script], { encoding: 'utf8' })).toBe("ready\nit's $HOME\n");
});

test('tasks that a script brings reach the pilot on its input', () => {
  const script = parcelScript({ setup: ['true'] }, ['cat'], 'AAAA\nBBBB');
  expect(execFileSync('bash', ['-c', script], { encoding: 'utf8' })).toBe('AAAA\nBBBB\n');
});

test('time limits are written as Slurm reads them, rounded up to minutes', () => {
  expect([1, 60, 61, 3600, 90_000].map(slurmTime)).toEqual([
    '0-00:01:00',
    '0-00:01:00',
    '0-00:02:00',
    '0-01:00:00',
    '1-01:00:00',
  ]);
});

test('only what was asked for is asked of the cluster', () => {
  const setting = { name: 'pipe-1', script: 'pilot.sh', output: 'logs/%a.log', count: 3 };
  const plain = submitArguments(defaultSlurm, setting);
  expect(plain).toContain('--array=0-2');
  expect(plain.filter((argument) => /partition|account|mem=|gpus|constraint|qos/.test(argument))).toEqual([]);
  const asked = submitArguments(
    { ...defaultSlurm, partition: 'a b; rm', memory: 1_500_000_000, gpus: 'a100:2', flags: ['--exclusive'] },
    { ...setting, atOnce: 2 },
  );
  expect(asked).toEqual(
    expect.arrayContaining([
      '--partition=a b; rm',
      '--mem=1431M',
      '--gpus-per-node=a100:2',
      '--array=0-2%2',
      '--exclusive',
    ]),
  );
  expect(asked.at(-1)).toBe('pilot.sh');
});
