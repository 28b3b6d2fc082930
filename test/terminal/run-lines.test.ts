import pc from 'picocolors';
import { expect, test } from 'vitest';
import type { ListedRun } from '../../src/history/run-list.ts';
import { runLines } from '../../src/terminal/run-lines.ts';

const plain = pc.createColors(false);
const widthOf = (text: string): number => text.length;
const id = '01M852RVNC8A6C881PS9WEFECV';
const common = { id, pins: [], started: 0, profile: 'default', jobsCached: 3, secondsSaved: 90 };
const runs: readonly ListedRun[] = [
  { ...common, number: 1, pipeline: 'emnist', status: 'running', pid: 77, host: 'h' },
  {
    ...common,
    number: 2,
    pipeline: 'emnist',
    profile: 'study',
    status: 'done',
    seconds: 61,
    jobsRun: 1234,
    pins: ['paper'],
  },
];

test('a wide terminal shows all of a run', () => {
  const [head, running, done] = runLines(runs, { columns: 200, widthOf }, 5000, plain);
  expect(head).toMatch(/run +when +pipeline +status +took +jobs run +cached +saved +pinned as$/);
  expect(running).toMatch(/^@1 {2}S9WEFECV .*emnist +running, process 77 +5\.0 s/);
  expect(done).toMatch(/emnist \(study\) +done +1 min 01 s +1,234 +3 +1 min 30 s +paper$/);
});

test.each([100, 80, 60, 40, 20])(
  'in a terminal of %i columns no line is longer, and each says which run it is',
  (columns) => {
    const lines = runLines(runs, { columns, widthOf }, 5000, plain);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
    expect(lines.slice(1).map((line) => line.slice(0, 12))).toEqual(['@1  S9WEFECV', '@2  S9WEFECV']);
  },
);

test('a name cannot steer the terminal', () => {
  const [, line = ''] = runLines(
    [{ ...common, number: 1, pipeline: 'a\u001b[2J', status: 'done' }],
    { columns: 99, widthOf },
    0,
    plain,
  );
  expect(line).not.toContain('\u001b');
});
