import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { askRun } from '../../../src/events/requests.ts';
import { makeStudy, pipelineText, reproducibleDigests, run, start } from '../../end-to-end/study.ts';
import { emptyCluster, follow, makeWork, slurm, timesMade, until } from './cluster.ts';

afterEach(emptyCluster);

const onCluster = (text: string, cluster: string): string =>
  `${text}\nexecutor: slurm\nexecutors: {slurm: ${cluster}}\n`;

test('a study makes bit for bit the artifacts of a local run, each job once, and a second run does nothing', async () => {
  const local = makeStudy();
  expect((await run(local)).exitCode).toBe(0);
  const study = makeStudy(onCluster(pipelineText, '{pilots: 2, cpus: 1, memory: 3GB, time: 10min, idle: 20}'));
  const { exitCode, events } = await follow(study.file).end();
  expect(exitCode).toBe(0);
  expect(reproducibleDigests(study.store)).toEqual(reproducibleDigests(local.store));
  expect([...timesMade(study.store).values()].every((times) => times === 1)).toBe(true);
  // A quick pilot may have done all before the other one came.
  const hosts = events.flatMap((event) => (event.type === 'job-started' ? [event.host] : []));
  expect(hosts.length).toBeGreaterThan(0);
  expect(hosts.filter((host) => host !== 'n1' && host !== 'n2')).toEqual([]);
  const again = await follow(study.file).end();
  expect(again.ran).toEqual([]);
});

test('a thousand trivial jobs through two pilots cost at most 20 ms each', async () => {
  const { file, store } = makeWork('{parts: 1000}', '{pilots: 2, memory: 1GB, time: 10min, idle: 20}');
  const { exitCode, events } = await follow(file).end();
  expect(exitCode).toBe(0);
  const starts = events.flatMap((event) => (event.type === 'job-started' ? [event.at] : []));
  const ends = events.flatMap((event) => (event.type === 'job-finished' ? [event.at] : []));
  const computing = events.reduce((sum, event) => sum + (event.type === 'job-finished' ? event.seconds : 0), 0);
  const wall = (Math.max(...ends) - Math.min(...starts)) / 1000;
  const overhead = (1000 * (2 * wall - computing)) / 1001;
  console.log(`1,001 jobs in ${wall.toFixed(1)} s: ${overhead.toFixed(1)} ms of a pilot's time each beside their own`);
  expect(overhead).toBeLessThan(20);
  expect(timesMade(store).size).toBe(1001);
});

test('with one array task a job, each pilot takes one', async () => {
  const { file, store } = makeWork('{parts: 5}', '{pilots: 3, memory: 1GB, jobs: one, idle: 20}');
  const { exitCode } = await follow(file).end();
  expect(exitCode).toBe(0);
  const [name = ''] = readdirSync(join(store, 'cluster'));
  const pilots = readdirSync(join(store, 'cluster', name, 'pilots'));
  expect(pilots.length).toBeGreaterThanOrEqual(6);
  expect([...timesMade(store).values()]).toEqual([1, 1, 1, 1, 1, 1]);
});

test('what a pipeline asks for reaches the pilots: processors, memory, GPUs, and the lines that make a node ready', async () => {
  const cluster =
    '{cpus: 2, gpus: 1, memory: 1500MB, pilots: 1, setup: ["export STUDY_SETTING=ready"], flags: ["--comment=study"], idle: 20}';
  const { file, folder, store } = makeWork('{parts: 2, held: true}', cluster);
  const run = follow(file, '--backend', 'cpu');
  await until(
    () => existsSync(join(folder, 'began')) && readFileSync(join(folder, 'began'), 'utf8').split('\n').length === 3,
  );
  const [job = ''] = (await slurm('squeue', '--noheader', '--array', '--format=%i')).split('\n');
  const shown = await slurm('scontrol', 'show', 'job', job);
  expect(shown).toMatch(/CPUs\/Task=2/);
  expect(shown).toMatch(/MinMemoryNode=1431M/);
  expect(shown).toMatch(/TresPerNode=gres[:/]gpu:1/);
  expect(shown).toMatch(/Comment=study/);
  const [name = ''] = readdirSync(join(store, 'cluster'));
  const [pilot = ''] = readdirSync(join(store, 'cluster', name, 'pilots'));
  const { pid } = JSON.parse(readFileSync(join(store, 'cluster', name, 'pilots', pilot, 'pilot.json'), 'utf8')) as {
    pid: number;
  };
  expect(readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')).toContain('STUDY_SETTING=ready');
  writeFileSync(join(folder, 'go'), '');
  expect((await run.end()).exitCode).toBe(0);
});

test('status tells of pilots; cancel stops the run, its jobs and its pilots', async () => {
  const { file, folder, store } = makeWork('{parts: 6, held: true}', '{pilots: 2, memory: 3GB, idle: 20}');
  const begun = await start(['run', file, '--detach']);
  expect(begun.stdout).toMatch(/The run \S+ goes on by itself, as process \d+/);
  const began = (): number =>
    existsSync(join(folder, 'began')) ? readFileSync(join(folder, 'began'), 'utf8').trim().split('\n').length : 0;
  await until(() => began() === 2);
  const status = await start(['status', '--store', store]);
  expect(status.stdout).toMatch(/pilot \d+_0 on n\d \(1 processor, .* left, 0 done\): work part \d/);
  const facts = JSON.parse((await start(['status', '--json', '--store', store])).stdout) as {
    cluster: { pilots: unknown[] };
    status: string;
  };
  expect(facts.status).toBe('running');
  expect(facts.cluster.pilots).toHaveLength(2);
  const cancelled = await start(['cancel', '--now', '--wait', '--store', store]);
  expect(cancelled.exitCode).toBe(0);
  await until(async () => (await slurm('squeue', '--noheader')) === '');
  expect(began()).toBe(2);
  expect((await start(['runs', '--store', store])).stdout).toMatch(/interrupted/);
  writeFileSync(join(folder, 'go'), '');
  expect((await follow(file).end()).exitCode).toBe(0);
});

test('Ctrl-C lets running jobs finish and keeps them', async () => {
  const { file, folder, store } = makeWork('{parts: 5, held: true}', '{pilots: 1, memory: 1GB, idle: 20}');
  const { subprocess, until: event, end } = follow(file);
  await event((one) => one.type === 'job-started');
  subprocess.kill('SIGINT');
  writeFileSync(join(folder, 'go'), '');
  const { exitCode, ran } = await end();
  expect(exitCode).toBe(130);
  expect(ran).toHaveLength(1);
  expect(timesMade(store).size).toBe(1);
});

test('a partition that is not there is told in the words of the cluster', async () => {
  const { file } = makeWork('{parts: 1}', '{partition: gold, memory: 1GB}');
  const { exitCode, events } = await follow(file).end();
  expect(exitCode).toBe(1);
  const failed = events.find((event) => event.type === 'job-failed');
  expect(failed?.type === 'job-failed' ? failed.failure.message : '').toMatch(/sbatch said no: .*invalid partition/i);
});

test('pilots that would wait for ever are told with the reason', async () => {
  const { file } = makeWork('{parts: 1}', '{time: 3h, memory: 1GB}');
  const { exitCode, events } = await follow(file).end();
  expect(exitCode).toBe(1);
  const failed = events.find((event) => event.type === 'job-failed');
  const told = failed?.type === 'job-failed' ? failed.failure : undefined;
  expect(told?.message).toMatch(/would wait for ever: PartitionTimeLimit/);
  expect(told?.hint).toMatch(/time:/);
});

test('pilots that end before they take a job are told with what they printed', async () => {
  const { file } = makeWork('{parts: 1}', '{memory: 1GB, setup: ["echo no such module: cuda/99", "exit 3"]}');
  const { exitCode, events } = await follow(file).end();
  expect(exitCode).toBe(1);
  const failed = events.find((event) => event.type === 'job-failed');
  const told = failed?.type === 'job-failed' ? failed.failure : undefined;
  expect(told?.message).toMatch(/ended before they took a job|ended before it took a job/);
  expect(told?.detail).toMatch(/no such module: cuda\/99/);
});

test('nodes that share no file system get jobs with the batch script, and results go by a remote', async () => {
  const local = makeStudy();
  expect((await run(local)).exitCode).toBe(0);
  const remote = mkdtempSync(join(tmpdir(), 'pipe-remote-'));
  const cluster = `{pilots: 2, cpus: 1, memory: 3GB, time: 10min, remote: ${remote}}`;
  const study = makeStudy(onCluster(pipelineText, cluster));
  const { exitCode, events } = await follow(study.file).end();
  expect(exitCode).toBe(0);
  expect(reproducibleDigests(study.store)).toEqual(reproducibleDigests(local.store));
  expect(new Set(events.flatMap((event) => (event.type === 'job-started' ? [event.host] : []))).size).toBeGreaterThan(
    1,
  );
  expect((await follow(study.file).end()).ran).toEqual([]);
  // Another machine with another store finds all of it.
  const elsewhere = makeStudy(onCluster(pipelineText, cluster));
  const shared = await follow(elsewhere.file).end();
  expect(shared.ran.filter((job) => job.includes(' fold '))).toEqual([]);
});

test('a job that fails on a node without a shared file system says why, with what it printed', async () => {
  const remote = mkdtempSync(join(tmpdir(), 'pipe-remote-'));
  const { file, folder, store } = makeWork('{parts: 2}', `{pilots: 1, memory: 1GB, remote: ${remote}}`);
  writeFileSync(
    join(folder, 'kinds', 'work.js'),
    readFileSync(join(folder, 'kinds', 'work.js'), 'utf8').replace(
      'if (params.held)',
      "if (params.part === 1) { console.log('as I was saying'); throw new Error('this part is broken'); }\n        if (params.held)",
    ),
  );
  const { exitCode, events } = await follow(file).end();
  expect(exitCode).toBe(1);
  const failed = events.find((event) => event.type === 'job-failed');
  expect(failed?.type === 'job-failed' ? failed.failure.message : '').toMatch(/this part is broken/);
  expect((await start(['logs', '--failed', '--store', store])).stdout).toMatch(/as I was saying/);
});

test('one job is cancelled, in the queue or in its pilot, and the others go on', async () => {
  const { file, folder, store } = makeWork('{parts: 3, held: true}', '{pilots: 1, memory: 1GB, idle: 20}');
  const going = follow(file);
  // Which one a pilot begins with is its own matter.
  const started = await going.until((event) => event.type === 'job-started');
  const first = started.type === 'job-started' ? started.job : '';
  const [second = '', third = ''] = ['work part 0', 'work part 1', 'work part 2'].filter((job) => job !== first);
  const [id = ''] = readdirSync(join(store, 'runs'));
  for (const job of [first, second]) askRun(join(store, 'runs', id), { cancel: job });
  await going.until((event) => event.type === 'job-failed' && event.job === second);
  writeFileSync(join(folder, 'go'), '');
  const { exitCode, events, ran } = await going.end();
  expect(exitCode).toBe(1);
  const failed = events.flatMap((event) =>
    event.type === 'job-failed' ? [`${event.job}: ${event.failure.code}`] : [],
  );
  expect(failed.sort()).toEqual([`${first}: job-cancelled`, `${second}: job-cancelled`].sort());
  expect(ran).toEqual([third]);
});
