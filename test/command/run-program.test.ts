import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runProgram } from '../../src/command/run-program.ts';

const root = mkdtempSync(join(tmpdir(), 'pipe-program-'));
writeFileSync(join(root, 'plain.sh'), 'no-such-thing');

async function runIt(run: string | string[], more: { signal?: AbortSignal; onLine?: () => void } = {}) {
  const lines: string[] = [];
  const ran = await runProgram({
    params: { run, files: [] },
    inputs: [],
    root,
    env: {},
    seed: 7,
    work: mkdtempSync(join(tmpdir(), 'pipe-work-')),
    log: (text) => {
      lines.push(...text.split('\n'));
      more.onLine?.();
    },
    signal: more.signal ?? new AbortController().signal,
  });
  return { ran, lines, problem: ran.ok ? undefined : ran.error };
}

test('a process left in the background is neither waited for nor let write on', async () => {
  const started = performance.now();
  const { ran } = await runIt('(sleep 30; echo late > "$PIPE_OUTPUT/late") & echo done > "$PIPE_OUTPUT/done"');
  expect(performance.now() - started).toBeLessThan(10_000);
  expect(ran.ok && [existsSync(join(ran.value, 'done')), existsSync(join(ran.value, 'late'))]).toEqual([true, false]);
});

test('a process in the background that ends soon may finish what it writes', async () => {
  const { ran } = await runIt('(sleep 0.2; echo late > "$PIPE_OUTPUT/late") &');
  expect(ran.ok && readFileSync(join(ran.value, 'late'), 'utf8')).toBe('late\n');
});

test('output without any line end is logged in pieces', async () => {
  const { lines } = await runIt('head -c 20000000 /dev/zero | tr "\\0" x');
  expect(lines.reduce((sum, line) => sum + line.length, 0)).toBe(20_000_000);
  expect(lines.length).toBeGreaterThan(100);
});

test.each([
  [['sh', 'plain.sh'], 'sh ended with exit code 127'],
  [['./plain.sh'], './plain.sh is not executable'],
  [['./gone.sh'], 'there is no program ./gone.sh in the project'],
  [['no-such-program'], 'there is no program no-such-program on PATH'],
  [['sh', '-c', 'kill -9 $$'], 'SIGKILL'],
  ['exit 300', 'ended with exit code 44'],
])('%j fails with: %s', async (run, message) => {
  expect((await runIt(run)).problem?.message).toContain(message);
});

test('a failure shows the last 20 lines', async () => {
  const { problem } = await runIt('seq 1 50; exit 1');
  expect(problem?.detail?.split('\n')).toEqual(Array.from({ length: 20 }, (_, index) => String(index + 31)));
});

test('the end of the run ends the program with SIGTERM, so that it can clean up', async () => {
  const stopping = new AbortController();
  const script = 'trap "echo cleaned up; exit 0" TERM; echo ready; while :; do sleep 0.05; done';
  const { lines, problem } = await runIt(script, { signal: stopping.signal, onLine: () => stopping.abort() });
  // The shell's own word on its ended child comes by another stream, before or after.
  expect(lines).toEqual(expect.arrayContaining(['ready', 'cleaned up']));
  expect(problem?.code).toBe('interrupted');
});
