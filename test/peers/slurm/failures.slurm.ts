import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, expect, test } from 'vitest';
import type { RunEvent } from '../../../src/events/event.ts';
import { makeStudy, pipelineText, reproducibleDigests, run } from '../../end-to-end/study.ts';
import { emptyCluster, follow, makeWork, pilotLines, slurm, timesMade, until } from './cluster.ts';

afterEach(emptyCluster);

const began = (folder: string): number =>
  existsSync(join(folder, 'began')) ? readFileSync(join(folder, 'began'), 'utf8').trim().split('\n').length : 0;

const retries = (events: readonly RunEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'job-retried' ? [event.reason] : []));

const pilotProcesses = async (): Promise<number[]> => {
  const { stdout } = await execa('pgrep', ['--full', 'main.js pilot'], { reject: false });
  return stdout.split('\n').filter(Boolean).map(Number);
};

test('the head and a pilot are killed in the middle of the search: the next run finishes, no fold is made twice', async () => {
  const slow = ['--set', 'epochs=12'];
  const untouched = makeStudy();
  await run(untouched, ...slow);
  const cluster = '{pilots: 2, cpus: 1, memory: 1800MB, time: 10min, idle: 20}';
  const study = makeStudy(`${pipelineText}\nexecutor: slurm\nexecutors: {slurm: ${cluster}}\n`);
  const first = follow(study.file, ...slow);
  await first.until((event) => event.type === 'job-finished' && event.job.includes(' fold '));
  process.kill(first.pid, 'SIGKILL');
  const [pilot = 0] = await pilotProcesses();
  process.kill(pilot, 'SIGKILL');
  await first.subprocess;
  const next = await follow(study.file, ...slow).end();
  expect(next.exitCode).toBe(0);
  expect(reproducibleDigests(study.store)).toEqual(reproducibleDigests(untouched.store));
  expect([...timesMade(study.store).values()].filter((times) => times > 1)).toEqual([]);
});

test('pilots go on while the head is gone, and the next run takes what they made', async () => {
  const { file, folder, store } = makeWork('{parts: 4, held: true}', '{pilots: 2, memory: 1GB, idle: 20}');
  const first = follow(file);
  await until(() => began(folder) === 2);
  process.kill(first.pid, 'SIGKILL');
  await first.subprocess;
  writeFileSync(join(folder, 'go'), '');
  await until(() => timesMade(store).size === 4);
  const next = await follow(file).end();
  expect(next.exitCode).toBe(0);
  expect(next.ran).toEqual(['work']);
  expect(began(folder)).toBe(4);
});

test('a head that is ended by a logout leaves the jobs to the next run, which adopts those that run', async () => {
  const { file, folder, store } = makeWork('{parts: 2, held: true}', '{pilots: 2, memory: 1GB, idle: 60}');
  const first = follow(file);
  await until(() => began(folder) === 2);
  first.subprocess.kill('SIGHUP');
  await first.subprocess;
  const next = follow(file);
  await next.until((event) => event.type === 'stage-started');
  writeFileSync(join(folder, 'go'), '');
  expect((await next.end()).exitCode).toBe(0);
  expect(began(folder)).toBe(2);
  expect([...timesMade(store).values()]).toEqual([1, 1, 1]);
});

test('a node that goes down gives its job to another pilot', async () => {
  const { file, folder, store } = makeWork('{parts: 2, held: true}', '{pilots: 2, memory: 3GB, time: 10min, idle: 60}');
  const going = follow(file);
  await until(() => began(folder) === 2);
  await slurm('scontrol', 'update', 'nodename=n2', 'state=down', 'reason=test');
  await going.until((event) => event.type === 'job-retried');
  writeFileSync(join(folder, 'go'), '');
  const { exitCode, events } = await going.end();
  expect(exitCode).toBe(0);
  expect(retries(events)).toEqual(['moved']);
  expect([...timesMade(store).values()]).toEqual([1, 1, 1]);
});

test('a pilot that is put back into the queue begins anew, and its job goes on', async () => {
  const { file, folder } = makeWork('{parts: 1, held: true}', '{pilots: 1, memory: 1GB, idle: 60}');
  const going = follow(file);
  await until(() => began(folder) === 1);
  const [job = ''] = (await slurm('squeue', '--noheader', '--array', '--format=%i')).split('\n');
  await slurm('scontrol', 'requeue', job);
  await going.until((event) => event.type === 'job-retried');
  writeFileSync(join(folder, 'go'), '');
  // Slurm lets what was put back wait for two minutes, where nobody says otherwise.
  await until(async () => {
    await slurm('scontrol', 'update', `jobid=${job}`, 'starttime=now');
    return began(folder) === 2;
  });
  const { exitCode, events } = await going.end();
  expect(exitCode).toBe(0);
  expect(retries(events)).toEqual(['moved']);
});

test('a pilot that a job of higher priority displaces loses nothing', async () => {
  const { file, folder, store } = makeWork(
    '{parts: 2, held: true}',
    '{pilots: 2, memory: 3GB, partition: low, idle: 60}',
  );
  const going = follow(file);
  await until(() => began(folder) === 2);
  await slurm(
    'sbatch',
    '--partition=high',
    '--nodelist=n1',
    '--exclusive',
    '--mem=3000',
    '--output=/dev/null',
    '--wrap=sleep 2',
  );
  await going.until((event) => event.type === 'job-retried');
  writeFileSync(join(folder, 'go'), '');
  const { exitCode, events } = await going.end();
  expect(exitCode).toBe(0);
  expect(retries(events)).toEqual(['moved']);
  expect([...timesMade(store).values()]).toEqual([1, 1, 1]);
});

test('a job that runs out of memory is tried again in a pilot with more, up to the bound', async () => {
  const fits = makeWork(
    '{parts: 1, mebibytes: 900, seconds: 4}',
    '{pilots: 1, memory: 700MB, most: {memory: 3GB}, idle: 20}',
  );
  const more = await follow(fits.file).end();
  expect(more.exitCode).toBe(0);
  expect(retries(more.events).every((reason) => reason === 'memory')).toBe(true);
  expect(retries(more.events).length).toBeGreaterThan(0);
  const tooLarge = makeWork(
    '{parts: 1, mebibytes: 1500, seconds: 4}',
    '{pilots: 1, memory: 700MB, most: {memory: 1200MB}, idle: 20}',
  );
  const never = await follow(tooLarge.file).end();
  expect(never.exitCode).toBe(1);
  const failed = never.events.find((event) => event.type === 'job-failed');
  expect(failed?.type === 'job-failed' ? failed.failure.code : '').toBe('out-of-memory');
});

test('a job that has not enough time in a pilot is tried again in one with more, up to the bound', async () => {
  const fits = makeWork('{parts: 1, seconds: 8}', '{pilots: 1, memory: 1GB, time: 5, most: {time: 20}, idle: 3}');
  const more = await follow(fits.file).end();
  expect(more.exitCode).toBe(0);
  expect(retries(more.events)).toEqual(['timeout']);
  const tooLong = makeWork('{parts: 1, seconds: 60}', '{pilots: 1, memory: 1GB, time: 4, most: {time: 8}, idle: 3}');
  const never = await follow(tooLong.file).end();
  expect(never.exitCode).toBe(1);
  const failed = never.events.find((event) => event.type === 'job-failed');
  expect(failed?.type === 'job-failed' ? failed.failure.hint : '').toMatch(/most: {time/);
});

test('a fit that is cut off by its pilot goes on from its checkpoint in the next one', async () => {
  const fitOnly = pipelineText
    .slice(0, pipelineText.indexOf('  search:'))
    .concat('  fit: {uses: fit, from: {samples: normalise, split: split}, with: {model: dropping}}\n');
  const long = ['--set', 'epochs=1500'];
  const untouched = makeStudy(fitOnly);
  await run(untouched, ...long);
  const study = makeStudy(
    `${fitOnly}\nexecutor: slurm\nexecutors: {slurm: {pilots: 1, memory: 1800MB, time: 8, idle: 5}}\n`,
  );
  const { exitCode, events } = await follow(study.file, ...long).end();
  expect(exitCode).toBe(0);
  expect(retries(events)).toContain('moved');
  expect(retries(events)).not.toContain('timeout');
  expect(reproducibleDigests(study.store)).toEqual(reproducibleDigests(untouched.store));
});

test('a controller that dies is told of, and takes nothing with it', async () => {
  const { file, folder } = makeWork('{parts: 3, held: true}', '{pilots: 2, memory: 1GB, idle: 60}');
  const going = follow(file);
  await until(() => began(folder) === 2);
  const configuration = process.env['SLURM_CONF'] ?? '';
  await execa('pkill', ['-KILL', '-x', 'slurmctld']);
  writeFileSync(join(folder, 'go'), '');
  const { exitCode } = await going.end();
  // It may not have kept its last numbers: nodes that still know a job of such a number would refuse the next one.
  appendFileSync(configuration, 'FirstJobId=1000\n');
  await execa('slurmctld', ['-f', configuration]);
  await until(async () => (await slurm('squeue')).includes('JOBID'));
  expect(exitCode).toBe(0);
});

test('a pilot that dies without a word costs its job one try', async () => {
  const { file, folder, store } = makeWork('{parts: 1, held: true}', '{pilots: 1, memory: 1GB, idle: 60}');
  const going = follow(file);
  await until(() => began(folder) === 1);
  const [pilot = 0] = await pilotProcesses();
  process.kill(pilot, 'SIGKILL');
  await going.until((event) => event.type === 'job-retried');
  writeFileSync(join(folder, 'go'), '');
  const { exitCode } = await going.end();
  expect(exitCode).toBe(0);
  expect(
    pilotLines(store).filter(
      (line) => line.type === 'task' && line.event.type === 'job-started' && line.event.job === 'work part 0',
    ),
  ).toHaveLength(2);
});
