import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunEvent } from '../../src/events/event.ts';
import { cleanEnvironment, parseEvents, start } from './study.ts';
import { type Chain, makeChain } from './support/chain.ts';
import { type FakeGpus, fakeGpus } from './support/fake-gpus.ts';

const eight = '[a, b, c, d, e, f, g, h]';

/** A matrix stage of programs that share GPUs; `script` runs in the project's folder. */
function programs(script: string, resources: string, more = ''): Chain {
  const stages = `pipeline: devices\nstages:\n  train:\n    matrix: {name: ${eight}}\n    uses: command\n    resources: ${resources}\n    timeout: 60\n${more}    with: {run: [sh, work.sh, "\${matrix.name}"]}\n`;
  return makeChain({ 'chain.yaml': stages, 'work.sh': `${script}\necho done > "$PIPE_OUTPUT/out.txt"\n` });
}

async function runOn(gpus: FakeGpus, chain: Chain, args: readonly string[] = [], env: Record<string, string> = {}) {
  const all = cleanEnvironment({ ...gpus.env, ...env });
  const { exitCode, stdout } = await start(['run', chain.file, '--json', '--workers', '8', ...args], { env: all });
  return { exitCode, events: parseEvents(stdout) };
}

const started = (events: readonly RunEvent[]) => events.filter((event) => event.type === 'job-started');

/** The most programs that ran on one GPU at the same time, by what they wrote: "+GPU" at their start, "-GPU" at their end. */
function mostOnOne(lines: readonly string[]): number {
  const running = new Map<string, number>();
  return lines.reduce((most, line) => {
    const gpu = line.slice(1);
    const count = (running.get(gpu) ?? 0) + (line.startsWith('+') ? 1 : -1);
    running.set(gpu, count);
    return Math.max(most, count);
  }, 0);
}

/** Waits until so many programs have written what they see, then until all who wait have seen that. */
const meet = (count: number): string => `
echo "+$CUDA_VISIBLE_DEVICES" >> seen
until [ "$(wc -l < seen)" -ge ${count} ]; do sleep 0.02; done
echo "-$CUDA_VISIBLE_DEVICES" >> seen`;

test('programs on two GPUs see one each, two share one, and ids are given again when they are free', async () => {
  const chain = programs(meet(4), '{gpu: 0.5}');
  const { exitCode, events } = await runOn(fakeGpus(2), chain);
  expect(exitCode).toBe(0);
  const seen = readFileSync(join(chain.folder, 'seen'), 'utf8').trim().split('\n');
  expect(seen.slice(0, 4).sort()).toEqual(['+GPU-fake0', '+GPU-fake0', '+GPU-fake1', '+GPU-fake1']);
  expect(seen.length).toBe(16);
  expect(mostOnOne(seen)).toBe(2);
  expect(events.find((event) => event.type === 'devices')).toMatchObject({
    gpus: [
      { id: 'GPU-fake0', name: 'Fake GPU', memory: 2 ** 34 },
      { id: 'GPU-fake1', name: 'Fake GPU', memory: 2 ** 34 },
    ],
  });
});

test('an outer CUDA_VISIBLE_DEVICES and --gpus are obeyed', async () => {
  const outer = programs('echo "$CUDA_VISIBLE_DEVICES" >> seen', '{gpu: 0.25}');
  await runOn(fakeGpus(3), outer, [], { CUDA_VISIBLE_DEVICES: '2' });
  expect(new Set(readFileSync(join(outer.folder, 'seen'), 'utf8').trim().split('\n'))).toEqual(new Set(['GPU-fake2']));
  const flag = programs('echo "$CUDA_VISIBLE_DEVICES" >> seen', '{gpu: 0.25}');
  await runOn(fakeGpus(3), flag, ['--gpus', 'GPU-fake1']);
  expect(new Set(readFileSync(join(flag.folder, 'seen'), 'utf8').trim().split('\n'))).toEqual(new Set(['GPU-fake1']));
});

test('a program that asks for no GPU sees none', async () => {
  const chain = programs('echo "$CUDA_VISIBLE_DEVICES" >> seen', '{cpus: 1}');
  await runOn(fakeGpus(1), chain);
  expect(readFileSync(join(chain.folder, 'seen'), 'utf8')).toBe('-1\n'.repeat(8));
});

test('what a job took of a GPU is measured, kept in its record, and packed by the next time', async () => {
  const gpus = fakeGpus(1);
  // 6 of 16 GiB each: two fit beside each other, not eight of the 0.1 that the pipeline believes.
  const chain = programs(`echo "$CUDA_VISIBLE_DEVICES, $$, 6144" >> '${gpus.apps}'; sleep 1.5`, '{gpu: 0.1}');
  const first = await runOn(gpus, chain, ['--workers', '1', 'train[a]', 'train[b]']);
  expect(first.exitCode).toBe(0);
  const again = await runOn(gpus, chain, ['--force', 'train[a]', 'train[b]', 'train[c]']);
  expect(again.exitCode).toBe(0);
  const measured = again.events.flatMap((event) => (event.type === 'job-finished' ? [event.gpuMemory] : []));
  expect(measured.filter((bytes) => bytes !== undefined)).not.toEqual([]);
  expect(Math.max(...measured.map((bytes) => bytes ?? 0))).toBe(6 * 2 ** 30);
});

test('memory that runs out gives a job a larger share with fewer beside it, until it fits', async () => {
  // Two beside each other are one too many: the second one finds the folder and fails, as CUDA would.
  const script = `
mkdir "busy-$CUDA_VISIBLE_DEVICES" 2>/dev/null || { echo "$1" >> failed; echo 'CUDA out of memory. Tried to allocate 9 GiB' >&2; exit 1; }
[ -e failed ] || { until [ -e failed ]; do sleep 0.02; done; }
rmdir "busy-$CUDA_VISIBLE_DEVICES"`;
  const chain = programs(script, '{gpu: 0.5}');
  const { exitCode, events } = await runOn(fakeGpus(1), chain, ['train[a]', 'train[b]']);
  expect(exitCode).toBe(0);
  const retried = events.filter((event) => event.type === 'job-retried');
  expect(retried.length).toBeGreaterThan(0);
  expect(new Set(retried.map((event) => event.reason))).toEqual(new Set(['memory']));
});

test('a job that runs out of memory on a whole GPU fails with the numbers', async () => {
  const chain = programs("echo 'CUDA out of memory' >&2; exit 1", '{gpu: 0.5}');
  const { exitCode, events } = await runOn(fakeGpus(1), chain, ['train[a]']);
  expect(exitCode).toBe(1);
  const failed = events.find((event) => event.type === 'job-failed');
  expect(failed?.failure.message).toContain('memory ran out, though the job had Fake GPU for itself (17.2 GB');
  expect(started(events).map((event) => event.attempt)).toEqual([1, 2, 3]);
});

test('a driver that fails is no GPU: programs run, and see none', async () => {
  const chain = programs('echo "$CUDA_VISIBLE_DEVICES" >> seen', '{gpu: 1}');
  const { exitCode } = await runOn(fakeGpus(0), chain, ['train[a]']);
  expect(exitCode).toBe(0);
  expect(readFileSync(join(chain.folder, 'seen'), 'utf8')).toBe('-1\n');
});

test('--mps starts the multi-process service for the run, tells jobs of it, and stops it', async () => {
  const gpus = fakeGpus(1);
  const chain = programs('echo "$CUDA_MPS_PIPE_DIRECTORY" >> seen', '{gpu: 0.5}');
  expect((await runOn(gpus, chain, ['--mps', 'train[a]'])).exitCode).toBe(0);
  const folder = readFileSync(join(chain.folder, 'seen'), 'utf8').trim();
  expect(folder).toMatch(/pipe-mps-/);
  expect(readFileSync(gpus.mps, 'utf8')).toBe(`-d  ${folder}\n quit ${folder}\n`);
  expect(existsSync(folder)).toBe(false);
});
