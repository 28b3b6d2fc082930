import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import type { RunEvent } from '../../src/events/event.ts';
import { cleanEnvironment, parseEvents, run, start } from './study.ts';
import { makeChain } from './support/chain.ts';

const fanned = `
const fold = {
  kind: 'part', version: 1, description: 'one of several',
  params: { type: 'object', properties: { index: { type: 'integer' } } },
  inputs: {}, outputs: { table: { type: 'table', description: 'a number' } },
  run: async ({ params, outputs, log, root }) => {
    const { existsSync } = await import('node:fs');
    log('part ' + params.index + ' \\u001b[2Jstarts');
    while (params.index === 2 && existsSync(root + '/hold')) await new Promise((next) => setTimeout(next, 20));
    if (params.index === 3 && existsSync(root + '/break')) throw new Error('part 3 broke');
    log('part ' + params.index + ' ends');
    outputs.table.write({ columns: [{ name: 'x', kind: 'number', values: Int32Array.of(params.index) }] });
    return { ok: true, value: undefined };
  },
};
export const search = {
  kind: 'parts', version: 1, description: 'several parts',
  params: { type: 'object', properties: {} }, inputs: {}, outputs: { table: { type: 'table', description: 'how many' } },
  fanOut: { part: fold, expand: () => ({ ok: true, value: [1, 2, 3].map((index) => ({ name: 'part ' + index, params: { index }, seedParts: [index] })) }) },
  run: async ({ parts, outputs }) => {
    outputs.table.write({ columns: [{ name: 'n', kind: 'number', values: Int32Array.of(parts.length) }] });
    return { ok: true, value: undefined };
  },
};
`;
const text = 'pipeline: parts\nstages:\n  search: {uses: ./kinds/search.js}\n';

function study() {
  return makeChain({ 'chain.yaml': text, 'kinds/search.js': fanned });
}

async function pipe(chain: { readonly folder: string }, ...args: readonly string[]) {
  const { exitCode, stdout, stderr } = await start(args, { cwd: chain.folder });
  return { exitCode, stdout, stderr };
}

test('runs are listed with what they did; logs by job; a failed job is found by --failed', async () => {
  const chain = study();
  chain.write('break', '');
  expect((await run(chain)).exitCode).toBe(1);
  const { rmSync } = await import('node:fs');
  rmSync(join(chain.folder, 'break'));
  expect((await run(chain)).exitCode).toBe(0);
  const listed = JSON.parse((await pipe(chain, 'runs', '--json')).stdout) as { runs: Record<string, unknown>[] };
  expect(listed.runs).toMatchObject([
    { number: 1, pipeline: 'parts', status: 'done', jobsRun: 2, jobsCached: 2 },
    { number: 2, pipeline: 'parts', status: 'failed' },
  ]);
  expect((await pipe(chain, 'runs')).stdout).toMatch(/@1 {2}\w{8} {2}\d{4}-\d\d-\d\d \d\d:\d\d {2}parts {5}done/);
  const jobs = (await pipe(chain, 'logs')).stdout;
  expect(jobs.match(/^(done|cached)/gm)).toHaveLength(4);
  expect((await pipe(chain, 'logs', 'search', 'part 1')).stdout).toBe('part 1 starts\npart 1 ends');
  expect((await pipe(chain, 'logs', 'search', 'part 1', '--raw', '--tail', '2')).stdout).toContain('\u001b[2J');
  const failed = (await pipe(chain, 'logs', '@2', '--failed')).stdout;
  expect(failed).toContain('Error: part 3 broke');
});

test.each([
  [['logs', 'serch'], 'has no jobs of a stage "serch"', 'search'],
  [['logs', 'search', 'part 9'], 'no job of run \\w+ has "part 9" in its name', 'pipe logs lists'],
  [['logs', '--failed'], 'no job of run \\w+ failed', '--failed'],
  [['logs', '@7'], 'there is no run @7', '@1'],
  [['trace', 'nowhere'], 'there is no run "nowhere"', ''],
  [['watch'], 'no run goes on', 'pipe runs'],
])('pipe %s says what is wrong and what would be right', async (args, message, hint) => {
  const chain = study();
  await run(chain);
  const { exitCode, stderr } = await pipe(chain, ...args);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(new RegExp(message));
  expect(stderr).toContain(hint);
});

test('a store without runs says how to make one', async () => {
  const chain = study();
  expect((await pipe(chain, 'runs')).stdout).toContain('There is no run in this store yet: pipe run FILE makes one');
  expect((await pipe(chain, 'logs')).stderr).toContain('there is no run in this store yet');
});

test('a trace is JSON with a span for each job that ran', async () => {
  const chain = study();
  await run(chain);
  const { stdout } = await pipe(chain, 'trace', '-o', '-');
  const { traceEvents } = JSON.parse(stdout) as { traceEvents: { name: string; ph: string; dur?: number }[] };
  const spans = traceEvents.filter(({ ph }) => ph === 'X').map(({ name }) => name);
  expect(spans.sort()).toEqual(['search', 'search', 'search part 1', 'search part 2', 'search part 3']);
});

/** Starts a run whose second part waits, and comes back when it does. */
async function startHeld(chain: ReturnType<typeof study>) {
  chain.write('hold', '');
  const going = start(['run', chain.file, '--json', '--workers', '2']);
  if (going.stdout === null) throw new Error('no output to read');
  const lines = createInterface({ input: going.stdout });
  const started = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      const event = JSON.parse(line) as RunEvent;
      if (event.type === 'job-log' && event.job === 'search part 2') resolve();
    });
  });
  await started;
  // In an object: a promise that is returned would be waited for.
  return { going };
}

test('a run that goes on is listed as running, can be watched to its end, and its log followed', async () => {
  const chain = study();
  const { going } = await startHeld(chain);
  const listed = JSON.parse((await pipe(chain, 'runs', '--json')).stdout) as {
    runs: { status: string; pid: number }[];
  };
  expect(listed.runs[0]).toMatchObject({ status: 'running', pid: going.pid });
  const watching = start(['watch', '--json'], { cwd: chain.folder });
  const following = start(['logs', 'search', 'part 2', '--follow'], { cwd: chain.folder });
  if (watching.stdout === null) throw new Error('no output to read');
  const { rmSync } = await import('node:fs');
  for await (const line of createInterface({ input: watching.stdout })) {
    const event = JSON.parse(line) as RunEvent;
    if (event.type === 'job-started' && event.job === 'search part 2') rmSync(join(chain.folder, 'hold'));
  }
  expect((await watching).exitCode).toBe(0);
  expect((await going).exitCode).toBe(0);
  expect((await following).stdout).toBe('part 2 starts\npart 2 ends');
});

test('Ctrl-C ends the watching, not the run', async () => {
  const chain = study();
  const { going } = await startHeld(chain);
  const watching = start(['watch', '--json'], { cwd: chain.folder });
  if (watching.stdout === null) throw new Error('no output to read');
  for await (const _ of createInterface({ input: watching.stdout })) break;
  watching.kill('SIGINT');
  const { exitCode, stderr } = await watching;
  expect([exitCode, stderr]).toEqual([130, 'No longer watching; the run goes on.']);
  const { rmSync } = await import('node:fs');
  rmSync(join(chain.folder, 'hold'));
  expect((await going).exitCode).toBe(0);
});

test('following without naming a job prints what all that run print, below their names', async () => {
  const chain = study();
  const { going } = await startHeld(chain);
  const following = start(['logs', '--follow'], { cwd: chain.folder });
  if (following.stdout === null) throw new Error('no output to read');
  const { rmSync } = await import('node:fs');
  for await (const line of createInterface({ input: following.stdout }))
    if (line === 'part 2 starts') rmSync(join(chain.folder, 'hold'));
  expect((await following).stdout).toContain('== search part 2\npart 2 starts\npart 2 ends');
  expect((await going).exitCode).toBe(0);
});

test('a command that reads makes no store where there is none', async () => {
  const chain = study();
  const nowhere = join(chain.folder, 'mistyped');
  for (const command of ['runs', 'logs', 'trace', 'watch']) {
    const { exitCode, stderr } = await pipe(chain, command, '--store', nowhere);
    expect([command, exitCode, stderr.includes(`${nowhere} is not there`)]).toEqual([command, 2, true]);
  }
  expect(JSON.parse((await pipe(chain, 'runs', '--json')).stdout)).toEqual({ schema: 'pipe.runs/1', runs: [] });
  expect([existsSync(nowhere), existsSync(chain.store)]).toEqual([false, false]);
});

test('a run whose only job failed is told of', async () => {
  const text = 'pipeline: bad\nstages:\n  a: {uses: command, with: {run: [sh, -c, "exit 3"]}}\n';
  const chain = makeChain({ 'chain.yaml': text });
  const told = join(chain.folder, 'told');
  expect((await start(['run', chain.file, '--notify', `cat > '${told}'`])).exitCode).toBe(1);
  expect(JSON.parse(readFileSync(told, 'utf8'))).toMatchObject({ status: 'failed', failures: [{ job: 'a' }] });
});

test('a run that was killed is listed as that, and its jobs as stopped', async () => {
  const chain = study();
  const { going } = await startHeld(chain);
  going.kill('SIGKILL');
  await going;
  expect((await pipe(chain, 'runs')).stdout).toContain('killed');
  expect((await pipe(chain, 'logs')).stdout).toMatch(/^stopped +search part 2$/m);
  expect((await pipe(chain, 'watch', '@1', '--json')).stderr).toContain('was killed');
});

test('whoever asked is told of the end, where something ran', async () => {
  const chain = study();
  const told = join(mkdtempSync(join(tmpdir(), 'pipe-told-')), 'told');
  const env = cleanEnvironment({ PIPE_NOTIFY: `cat > '${told}'` });
  const first = await start(['run', chain.file, '--json'], { env });
  expect(parseEvents(first.stdout).at(-1)).toMatchObject({ status: 'done' });
  expect(JSON.parse(readFileSync(told, 'utf8'))).toMatchObject({
    schema: 'pipe.notification/1',
    status: 'done',
    jobsRun: 4,
  });
  const again = join(chain.folder, 'again');
  await start(['run', chain.file, '--notify', `cat > '${again}'`]);
  expect(existsSync(again)).toBe(false);
  const failing = await start(['run', chain.file, '--notify', 'exit 9', '--notify-always']);
  expect(failing.exitCode).toBe(0);
  expect(failing.stderr).toContain("warning: the notification's command ended with exit code 9");
  expect(readdirSync(join(chain.store, 'runs'))).toHaveLength(3);
});
