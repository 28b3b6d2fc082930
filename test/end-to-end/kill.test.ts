import { readdirSync, readFileSync } from 'node:fs';
import { watch } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as after } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { RunEvent } from '../../src/events/event.ts';
import { makeStudy, parseEvents, pipelineText, reproducibleDigests, run, start } from './study.ts';

/** Longer fits, so that there is a middle to kill in. */
const slow = ['--set', 'epochs=12'];

/** Process ids of the living children of a process. */
function childrenOf(pid: number): number[] {
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(parent) === pid && state !== 'Z' ? [Number(entry)] : [];
    } catch {
      return [];
    }
  });
}

function isAlive(pid: number): boolean {
  try {
    return !/\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Starts a run and waits until an event comes. */
async function runUntil(file: string, wanted: (event: RunEvent) => boolean, settings = slow) {
  const subprocess = start(['run', file, '--json', '--workers', '2', ...settings]);
  const seen: RunEvent[] = [];
  if (subprocess.stdout === null) throw new Error('no output to read');
  for await (const line of createInterface({ input: subprocess.stdout })) {
    const event = JSON.parse(line) as RunEvent;
    seen.push(event);
    if (wanted(event)) break;
  }
  return { subprocess, seen, pid: subprocess.pid as number };
}

/** Events of a store's first run. */
function journalOf(store: string): RunEvent[] {
  const [run = ''] = readdirSync(`${store}/runs`).sort();
  return parseEvents(readFileSync(`${store}/runs/${run}/journal.jsonl`, 'utf8'));
}

function finishedJobs(store: string): string[] {
  return journalOf(store).flatMap((event) => (event.type === 'job-finished' ? [event.job] : []));
}

const firstFold = (event: RunEvent): boolean => event.type === 'job-finished' && event.job.includes(' fold ');

const isFitting = (event: RunEvent): boolean => event.type === 'job-progress' && event.job === 'fit';

/** What the jobs of all runs of a store wrote to their logs. */
function logsOf(store: string): string {
  const runs = readdirSync(`${store}/runs`).map((run) => `${store}/runs/${run}/logs`);
  return runs.flatMap((logs) => readdirSync(logs).map((log) => readFileSync(`${logs}/${log}`, 'utf8'))).join('\n');
}

test('SIGKILL in the middle of the search leaves no process; the next run repeats no finished fold and makes the same artifacts', async () => {
  const study = makeStudy();
  const { subprocess, seen, pid } = await runUntil(study.file, firstFold);
  const workers = childrenOf(pid);
  expect(workers.length).toBeGreaterThan(0);
  process.kill(pid, 'SIGKILL');
  await subprocess;
  // The workers hear of it by their closed channel: bounded waiting for the system, not for us.
  for (let turn = 0; turn < 100 && workers.some(isAlive); turn++) await after(20);
  expect(workers.filter(isAlive)).toEqual([]);
  const finished = seen.flatMap((event) => (event.type === 'job-finished' ? [event.job] : []));
  const next = await run(study, ...slow);
  expect(next.exitCode).toBe(0);
  expect(next.ran.filter((job) => finished.includes(job))).toEqual([]);
  const untouched = makeStudy();
  await run(untouched, ...slow);
  expect(reproducibleDigests(study.store)).toEqual(reproducibleDigests(untouched.store));
});

test('a worker that is killed takes its job with it, not the run', async () => {
  const study = makeStudy();
  const { subprocess, pid } = await runUntil(
    study.file,
    (event) => event.type === 'job-progress' && event.job.includes(' fold '),
  );
  process.kill(childrenOf(pid)[0] as number, 'SIGKILL');
  subprocess.stdout?.resume();
  const { exitCode } = await subprocess;
  expect(exitCode).toBe(0);
  expect(journalOf(study.store).filter((event) => event.type === 'job-retried')).toHaveLength(1);
});

test('Ctrl-C finishes what runs, keeps it, and ends with 130', async () => {
  const study = makeStudy();
  const { subprocess, pid } = await runUntil(study.file, firstFold);
  process.kill(pid, 'SIGINT');
  subprocess.stdout?.resume();
  expect((await subprocess).exitCode).toBe(130);
  const finished = finishedJobs(study.store);
  const started = journalOf(study.store).flatMap((event) => (event.type === 'job-started' ? [event.job] : []));
  expect(started.filter((job) => !finished.includes(job))).toEqual([]);
  expect(finished.some((job) => job.includes(' fold '))).toBe(true);
  const next = await run(study, ...slow);
  expect(next.exitCode).toBe(0);
  expect(next.ran.filter((job) => finished.includes(job))).toEqual([]);
});

test('a killed fit goes on from its checkpoint and makes the artifacts of an uninterrupted one', async () => {
  const fitOnly = pipelineText
    .slice(0, pipelineText.indexOf('  search:'))
    .concat('  fit: {uses: fit, from: {samples: normalise, split: split}, with: {model: dropping}}\n');
  const long = ['--set', 'epochs=180'];
  const study = makeStudy(fitOnly);
  const { subprocess, pid } = await runUntil(study.file, isFitting, long);
  const checkpoints = `${study.store}/checkpoints`;
  for await (const { filename } of watch(checkpoints, { signal: AbortSignal.timeout(60_000) }))
    if (filename !== null) break;
  process.kill(pid, 'SIGKILL');
  await subprocess;
  const next = await run(study, ...long);
  expect(next.exitCode).toBe(0);
  expect(next.ran).toEqual(['fit']);
  expect(logsOf(study.store)).toMatch(/goes on after epoch \d+, from its checkpoint/);
  expect(readdirSync(checkpoints)).toEqual([]);
  const untouched = makeStudy(fitOnly);
  await run(untouched, ...long);
  expect(logsOf(untouched.store)).not.toContain('goes on');
  expect(reproducibleDigests(study.store)).toEqual(reproducibleDigests(untouched.store));
});

test('a run that waits for the jobs of another one does them itself when that one is killed', async () => {
  const study = makeStudy();
  const first = await runUntil(study.file, firstFold);
  const second = start(['run', study.file, '--json', '--workers', '2', ...slow]);
  let told = false;
  const events: RunEvent[] = [];
  if (second.stdout === null) throw new Error('no output to read');
  for await (const line of createInterface({ input: second.stdout })) {
    const event = JSON.parse(line) as RunEvent;
    events.push(event);
    if (told || event.type !== 'notice' || !event.text.includes('another run')) continue;
    told = true;
    process.kill(first.pid, 'SIGKILL');
  }
  expect(told).toBe(true);
  expect((await second).exitCode).toBe(0);
  const finished = finishedJobs(study.store);
  const ran = events.flatMap((event) => (event.type === 'job-finished' && !event.cached ? [event.job] : []));
  expect(ran.filter((job) => finished.includes(job))).toEqual([]);
  expect(readdirSync(`${study.store}/tmp`)).toEqual([]);
  expect(readdirSync(`${study.store}/leases`)).toEqual(['owners']);
});
