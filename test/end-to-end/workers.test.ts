import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { JobOrder } from '../../src/execute/messages.ts';
import type { PoolSettings, WorkerPool } from '../../src/execute/worker-pool.ts';
import { run } from './study.ts';
import { makeChain } from './support/chain.ts';

/** The pool as it is built: its workers are processes of their own, which Node 20 cannot start from TypeScript. */
const { createWorkerPool } = (await import('../../dist/src/execute/worker-pool.js' as string)) as {
  createWorkerPool: (settings: PoolSettings) => WorkerPool;
};

const probeKind = `
export const probe = {
  kind: 'probe', version: 1, description: 'does what it is told',
  params: { type: 'object', properties: { action: { type: 'string' } } },
  inputs: {}, outputs: { table: { type: 'table', description: 'process' } },
  run: async ({ params, outputs, log, signal }) => {
    log('first line');
    const { action } = params;
    if (action === 'stop itself') process.kill(process.pid, 'SIGSTOP');
    if (action === 'wait') await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    if (action === 'spin') for (;;);
    if (action === 'leak') (globalThis.kept ??= []).push(Buffer.alloc(40 * 2 ** 20, 1));
    if (action === 'print') for (let line = 0; line < 100; line++) console.log('line ' + line);
    if (action === 'print' || action === 'die') process.kill(process.pid, 'SIGKILL');
    if (action === 'throw') throw new Error('broken inside');
    outputs.table.write({ columns: [{ name: 'pid', kind: 'number', values: Int32Array.of(process.pid) }] });
    return { ok: true, value: undefined };
  },
};
`;

const chain = makeChain({ 'kinds/probe.js': probeKind });

/** An order for the probe, in a folder of its own. */
function order(action: string): JobOrder {
  const folder = mkdtempSync(join(tmpdir(), 'pipe-order-'));
  mkdirSync(join(folder, 'out'));
  return {
    id: `probe ${action} ${folder}`,
    module: join(chain.folder, 'kinds/probe.js'),
    kind: 'probe',
    code: {},
    part: false,
    params: { action },
    inputs: {},
    parts: [],
    root: chain.folder,
    env: {},
    folder: join(folder, 'out'),
    checkpoint: join(folder, 'checkpoint'),
    seed: 1,
    compute: { backend: 'cpu', version: '1', device: 'cpu', architecture: 'x64', threads: 1 },
    exclusive: false,
    files: {},
    identity: {},
  };
}

type Fresh = 'no' | 'yes' | 'only';

/** A pool that tells what its workers did. */
function poolOf(settings: Partial<PoolSettings> = {}) {
  const told: string[] = [];
  const pool = createWorkerPool({
    slots: 2,
    ...settings,
    onWorker: (event) =>
      told.push(event.type === 'worker-started' ? `${event.worker} started` : `${event.worker} ${event.reason}`),
  });
  const lines: string[] = [];
  const workers: number[] = [];
  const perform = (action: string, more: { fresh?: Fresh; timeout?: number; likeness?: string } = {}) =>
    pool.run(
      order(action),
      { threads: 1, share: 0, likeness: action, fresh: 'no', ...more },
      { onStart: ({ number }) => workers.push(number), onProgress: () => {}, onLog: (some) => lines.push(...some) },
    );
  return { pool, told, lines, workers, perform };
}

test('a warm worker takes one job after another', async () => {
  const { pool, workers, perform } = poolOf();
  for (const action of ['one', 'two', 'three']) expect((await perform(action)).ok).toBe(true);
  expect(workers).toEqual([1, 1, 1]);
  await pool.close();
});

test('a job goes to the worker that had its like before', async () => {
  const { pool, workers, perform } = poolOf();
  await Promise.all([perform('x', { likeness: 'cnn' }), perform('x', { likeness: 'lstm' })]);
  await perform('x', { likeness: 'lstm' });
  await perform('x', { likeness: 'cnn' });
  expect(workers).toEqual([1, 2, 2, 1]);
  await pool.close();
});

test('an isolated job has a process of its own, which ends with it', async () => {
  const { pool, told, workers, perform } = poolOf();
  await perform('x');
  await perform('x', { fresh: 'only' });
  await perform('x');
  expect(workers).toEqual([1, 2, 1]);
  await pool.close();
  expect(told).toContain('2 isolated');
});

test('a worker is replaced after its limit of jobs', async () => {
  const { pool, told, workers, perform } = poolOf({ jobsOfOne: 2 });
  for (let job = 0; job < 5; job++) await perform('x');
  expect(workers).toEqual([1, 1, 2, 2, 3]);
  await pool.close();
  expect(told.filter((line) => line.includes('recycled'))).toHaveLength(2);
});

test('a worker that holds more and more memory between jobs is replaced', async () => {
  const { pool, told, workers, perform } = poolOf({ growth: 60 * 2 ** 20 });
  for (let job = 0; job < 4; job++) await perform('leak');
  expect(workers[0]).toBe(1);
  expect(workers.at(-1)).toBeGreaterThan(1);
  await pool.close();
  expect(told.join()).toContain('recycled');
});

test('a worker that gives no sign of life and computes nothing is killed', async () => {
  const { pool, perform } = poolOf({ silence: 1500 });
  const result = await perform('stop itself');
  expect(result).toMatchObject({ ok: false, error: { code: 'worker-died', message: expect.stringContaining('hung') } });
  await pool.close();
});

test('a worker that computes without a pause is not taken for hung; its time limit ends it', async () => {
  const { pool, perform } = poolOf({ silence: 500, patience: 100 });
  const result = await perform('spin', { timeout: 2.5 });
  expect(result).toMatchObject({
    ok: false,
    error: { code: 'job-timeout', message: 'the job took longer than its 2.5 s' },
  });
  await pool.close();
});

test('a job that hears of its end stops in time, and its worker takes no other job', async () => {
  const { pool, workers, perform } = poolOf();
  expect(await perform('wait', { timeout: 0.2 })).toMatchObject({ ok: false, error: { code: 'job-timeout' } });
  await perform('x');
  expect(workers).toEqual([1, 2]);
  await pool.close();
});

test('the last lines that a job printed are in its failure', async () => {
  const { pool, lines, perform } = poolOf();
  const died = await perform('die');
  expect(died.ok ? '' : died.error.detail).toBe('first line');
  const thrown = await perform('throw');
  expect(thrown.ok ? '' : thrown.error.detail).toContain('broken inside');
  expect(thrown.ok ? '' : thrown.error.detail).not.toContain('die');
  expect(lines).toContain('first line');
  await pool.close();
});

test('the pool ends: idle workers at once, busy ones when they are asked to, deaf ones by force', async () => {
  const { pool, perform } = poolOf({ slots: 3, patience: 200 });
  const waiting = perform('wait');
  const spinning = perform('spin');
  await perform('x');
  await pool.close();
  expect(await Promise.all([waiting, spinning])).toMatchObject([
    { ok: false, error: { code: 'interrupted' } },
    { ok: false, error: { code: 'interrupted' } },
  ]);
  expect(await perform('x')).toMatchObject({ ok: false, error: { code: 'pool-closed' } });
});

test('whoever closes the pool again waits for all processes too, and everything was told by then', async () => {
  const { pool, told, perform } = poolOf({ patience: 100 });
  const jobs = [perform('spin'), perform('x', { fresh: 'only' })];
  await jobs[1];
  void pool.close();
  await pool.close();
  expect(told.toSorted()).toEqual(['1 started', '1 stopped', '2 isolated', '2 started']);
  await Promise.all(jobs);
});

const flaky = `
import { appendFileSync, readFileSync } from 'node:fs';
export const flaky = {
  kind: 'flaky', version: 1, description: 'works the third time',
  params: { type: 'object', properties: {} }, inputs: {}, outputs: { table: { type: 'table', description: 'tries' } },
  run: async ({ outputs, root, log }) => {
    appendFileSync(root + '/tries', 'x');
    const tries = readFileSync(root + '/tries', 'utf8').length;
    log('try ' + tries);
    if (tries < 3) return { ok: false, error: { code: 'no-luck', message: 'no luck yet' } };
    outputs.table.write({ columns: [{ name: 'x', kind: 'number', values: Int32Array.of(1) }] });
    return { ok: true, value: undefined };
  },
};
`;

test('a job that fails is tried again as often as its stage says, with a pause, its cause and one log', async () => {
  const stages = 'pipeline: tries\nstages:\n  flaky: {uses: ./kinds/flaky.js, retries: 2}\n';
  const study = makeChain({ 'chain.yaml': stages, 'kinds/flaky.js': flaky });
  const { exitCode, events } = await run(study);
  expect(exitCode).toBe(0);
  const retried = events.filter((event) => event.type === 'job-retried');
  expect(retried.map(({ reason, attempt, wait, failure }) => [reason, attempt, wait, failure.message])).toEqual([
    ['failed', 2, 1, 'no luck yet'],
    ['failed', 3, 2, 'no luck yet'],
  ]);
  const id = events.find((event) => event.type === 'run-started')?.run;
  const log = readFileSync(join(study.store, 'runs', String(id), 'logs/flaky.log'), 'utf8');
  expect(log).toBe('try 1\n--- attempt 2\ntry 2\n--- attempt 3\ntry 3\n');
});

test('without retries the first failure is the last', async () => {
  const stages = 'pipeline: tries\nstages:\n  flaky: {uses: ./kinds/flaky.js}\n';
  const { exitCode, events } = await run(makeChain({ 'chain.yaml': stages, 'kinds/flaky.js': flaky }));
  expect(exitCode).toBe(1);
  expect(events.filter((event) => event.type === 'job-started')).toHaveLength(1);
});

test("a stage's time limit ends a program and all that it started", async () => {
  const stages = `pipeline: slow\nstages:\n  slow: {uses: command, timeout: 1, with: {run: "sleep 1234 & sleep 1234"}}\n`;
  const { exitCode, events } = await run(makeChain({ 'chain.yaml': stages }));
  expect(exitCode).toBe(1);
  expect(events.find((event) => event.type === 'job-failed')?.failure.message).toBe('the job took longer than its 1 s');
});

test.each([
  ['retries: -1', 'retries', '-1'],
  ['timeout: soon', 'timeout', 'soon'],
  ['isolate: always', 'isolate', 'always'],
  ['resources: {memory: much}', 'memory', 'much'],
  ['resources: {gpu: 2}', 'gpu', '2'],
])('"%s" is a mistake with its place', async (text, name, got) => {
  const { exitCode, stderr } = await run(
    makeChain({
      'chain.yaml': `pipeline: wrong\nstages:\n  a:\n    uses: command\n    with: {run: "true"}\n    ${text}\n`,
    }),
  );
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/chain\.yaml:6:\d+: /);
  expect(stderr).toContain(name);
  expect(stderr).toContain(got);
});

test('a job whose worker dies while its end cannot be written down does not wait for ever', async () => {
  const pool = createWorkerPool({
    slots: 1,
    onWorker: ({ type }) => {
      if (type === 'worker-ended') throw new Error('no space left');
    },
  });
  const listener = { onStart: () => {}, onProgress: () => {}, onLog: () => {} };
  const ran = pool.run(order('die'), { threads: 1, share: 0, likeness: 'die', fresh: 'no' }, listener);
  await expect(ran).rejects.toThrow('no space left');
  await pool.close();
});
