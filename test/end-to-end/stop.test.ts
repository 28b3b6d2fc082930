import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as after } from 'node:timers/promises';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import type { RunEvent } from '../../src/events/event.ts';
import { cleanEnvironment, parseEvents, program, reproducibleDigests, run, start } from './study.ts';
import { makeChain, makeKind, scaleKind } from './support/chain.ts';

/** A kind that tells its process id and then waits until the file `go` is there. */
const waitingKind = scaleKind
  .replace("kind: 'scale'", "kind: 'wait'")
  .replace('run: async ({', 'run: async ({ log,')
  .replace(
    'const values',
    `const { existsSync, writeFileSync } = await import('node:fs');
    writeFileSync(process.env.PIPE_TEST_PID, String(process.pid));
    while (!existsSync(process.env.PIPE_TEST_GO)) await new Promise((next) => setTimeout(next, 10));
    const values`,
  )
  .replace('export const scale', 'export const wait');

const text = `pipeline: held
stages:
  make: {uses: ./kinds/make.js, with: {rows: 3}}
  wait: {uses: ./kinds/wait.js, from: {table: make}, with: {factor: 2}}
  scale: {uses: ./kinds/scale.js, from: {table: wait}, with: {factor: 2}}
`;

/** A run that is held in the middle of its second stage, until `go` lets it on. */
async function held(kind = waitingKind) {
  const chain = makeChain({ 'chain.yaml': text, 'kinds/wait.js': kind });
  const [pidFile, goFile] = [join(chain.folder, 'pid'), join(chain.folder, 'go')];
  const env = cleanEnvironment({ PIPE_TEST_PID: pidFile, PIPE_TEST_GO: goFile });
  const subprocess = start(['run', chain.file, '--json', '--store', chain.store], { env });
  if (subprocess.stdout === null || subprocess.pid === undefined) throw new Error('it did not start');
  for await (const line of createInterface({ input: subprocess.stdout })) {
    const event = JSON.parse(line) as RunEvent;
    if (event.type === 'job-started' && event.job === 'wait') break;
  }
  subprocess.stdout.resume();
  await until(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8') !== '');
  const worker = Number(readFileSync(pidFile, 'utf8'));
  const go = (): void => writeFileSync(goFile, '');
  return { chain, subprocess, pid: subprocess.pid, worker, go, env };
}

/** Waits at most 10 s for something that the system does. */
async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1000 && !condition(); turn++) await after(10);
  expect(condition()).toBe(true);
}

function isGone(pid: number): boolean {
  try {
    return /\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}

function finished(store: string): string[] {
  const newest = readdirSync(join(store, 'runs')).sort().at(-1) ?? '';
  return parseEvents(readFileSync(join(store, 'runs', newest, 'journal.jsonl'), 'utf8')).flatMap((event) =>
    event.type === 'job-finished' ? [event.job] : [],
  );
}

test('Ctrl-C once: the running job is finished and kept, nothing new starts', async () => {
  const { chain, subprocess, pid, worker, go } = await held();
  process.kill(pid, 'SIGINT');
  go();
  expect((await subprocess).exitCode).toBe(130);
  expect(finished(chain.store)).toEqual(['make', 'wait']);
  await until(() => isGone(worker));
});

test.each([
  ['Ctrl-C twice', ['SIGINT', 'SIGINT']],
  ['SIGTERM', ['SIGTERM']],
  ['SIGHUP', ['SIGHUP']],
] as const)('%s: the running job ends at once, what was finished is kept, the next run goes on', async (_, signals) => {
  const { chain, subprocess, pid, worker, go, env } = await held();
  const said = createInterface({ input: subprocess.stderr as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  for (const [index, signal] of signals.entries()) {
    process.kill(pid, signal);
    // The system may deliver two equal signals as one: the first is answered before the second comes.
    if (index < signals.length - 1) expect((await said.next()).value).toContain('Ctrl-C again');
  }
  expect((await subprocess).exitCode).toBe(130);
  await until(() => isGone(worker));
  expect(readdirSync(join(chain.store, 'tmp'))).toEqual([]);
  expect(finished(chain.store)).toEqual(['make']);
  go();
  const next = await start(['run', chain.file, '--store', chain.store, '--quiet'], { env });
  expect([next.exitCode, next.stderr]).toEqual([0, '']);
  expect(next.stdout).toMatch(/2 jobs run, 1 job cached/);
});

test.each([
  ['waits', waitingKind],
  ['computes without a pause', waitingKind.replace('await new Promise((next) => setTimeout(next, 10))', '{}')],
])('a killed orchestrator takes a worker with it that %s', async (_, kind) => {
  const { pid, worker, subprocess, go } = await held(kind);
  try {
    process.kill(pid, 'SIGKILL');
    await subprocess;
    await until(() => isGone(worker));
  } finally {
    go();
  }
});

const two = `pipeline: two
stages:
  bad: {uses: ./kinds/bad.js}
  make: {uses: ./kinds/make.js, with: {rows: 3}}
  after: {uses: ./kinds/scale.js, from: {table: bad}, with: {factor: 2}}
  scale: {uses: ./kinds/scale.js, from: {table: make}, with: {factor: 2}}
`;
const badKind = makeKind.replace(
  'run: async',
  "async unused() {}, run: async () => { throw new Error('no luck'); }, other: async",
);

test('--keep-going does what does not depend on the failed stage, and still ends with 1', async () => {
  const chain = makeChain({ 'chain.yaml': two, 'kinds/bad.js': badKind });
  const { exitCode, events, ran } = await run(chain, '--keep-going');
  expect([exitCode, ran]).toEqual([1, ['make', 'scale']]);
  const statuses = events.flatMap((event) =>
    event.type === 'stage-finished' ? [[event.stage, event.status] as const] : [],
  );
  expect(Object.fromEntries(statuses)).toEqual({ bad: 'failed', after: 'skipped', make: 'done', scale: 'done' });
});

test('output into a file has no colours, no control characters, and the failure with its log', async () => {
  const chain = makeChain({ 'chain.yaml': two, 'kinds/bad.js': badKind });
  const { stdout, stderr } = await start(['run', chain.file, '--keep-going', '--store', chain.store]);
  expect(`${stdout}${stderr}`).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  expect(stdout).toContain('bad failed: ');
  expect(stdout).toContain('no luck');
  const [, log = ''] = /log: (\S+)/.exec(stdout) ?? [];
  expect(readFileSync(log, 'utf8')).toMatch(/Error: no luck\n {4}at /);
});

test('a run whose reader goes away goes on to its end, without a word', async () => {
  const study = makeChain();
  const command = `"$0" "$1" run "$2" --json --workers 1 | head -n 1 >/dev/null; exit "\${PIPESTATUS[0]}"`;
  const { exitCode, stderr } = await execa('bash', ['-c', command, process.execPath, program, study.file], {
    env: cleanEnvironment(),
    extendEnv: false,
    reject: false,
  });
  expect([exitCode, stderr]).toEqual([0, '']);
  expect((await run(study)).ran).toEqual([]);
});

test('two runs at once of different pipelines with one store do not disturb each other', async () => {
  const store = mkdtempSync(join(tmpdir(), 'pipe-shared-'));
  const runs = await Promise.all(
    [2, 3, 4].map((factor) => run(makeChain(), '--store', store, '--set', `factor=${factor}`)),
  );
  expect(runs.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual(new Array(3).fill([0, '']));
  expect(Object.keys(reproducibleDigests(store))).toEqual(['make.table', 'scale.table']);
});
