import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { makeStudy, run, start } from './study.ts';
import { makeChain } from './support/chain.ts';

const study = makeStudy();

beforeAll(async () => {
  expect((await run(study)).exitCode).toBe(0);
});

const query = (...args: readonly string[]) => start(['query', ...args, '--store', study.store]);

/** Rows of an answer, as objects. */
async function rowsOf(sql: string): Promise<Record<string, unknown>[]> {
  const { exitCode, stdout, stderr } = await query(sql, '--json');
  expect([exitCode, stderr]).toEqual([0, '']);
  return (JSON.parse(stdout) as { rows: Record<string, unknown>[] }).rows;
}

test('scores can be recomputed from the predictions in SQL', async () => {
  const recomputed = await rowsOf(
    'SELECT stage, avg(CASE WHEN label = predicted THEN 1.0 ELSE 0.0 END) AS value FROM evaluate_predictions GROUP BY stage ORDER BY stage',
  );
  const stated = await rowsOf(`SELECT stage, value FROM evaluate_metrics WHERE metric = 'accuracy' ORDER BY stage`);
  expect(recomputed.map(({ stage }) => stage)).toEqual(['evaluate[dropping]', 'evaluate[wide]']);
  recomputed.forEach(({ value }, row) => {
    expect(Number(value)).toBeCloseTo(Number(stated[row]?.['value']), 12);
  });
});

test('fold jobs are rows of a table too, each with its fold', async () => {
  const folds = await rowsOf(
    'SELECT fold, count(DISTINCT job) AS jobs FROM search_fold_scores GROUP BY fold ORDER BY fold',
  );
  expect(folds).toEqual([
    { fold: 0, jobs: '4' },
    { fold: 1, jobs: '4' },
  ]);
});

test('pixels are arrays, and every run has rows of its own', async () => {
  const before = await rowsOf('SELECT count(*) AS count, max(list_max(image::UTINYINT[])) AS brightest FROM normalise');
  expect(Number(before[0]?.['brightest'])).toBeGreaterThan(200);
  await run(study, '--set', 'seed=2', 'normalise');
  const after = await rowsOf('SELECT run, count(*) AS count FROM normalise GROUP BY run');
  expect(after.map(({ count }) => count)).toEqual([before[0]?.['count'], before[0]?.['count']]);
  const seeds = await rowsOf(`SELECT value FROM params JOIN runs USING (run) WHERE name = 'seed' ORDER BY runs.number`);
  expect(seeds[0]).toEqual({ value: '2' });
});

test('without SQL the tables are listed; a name that is none is said, with exit code 2', async () => {
  const listed = await query();
  expect(listed.stdout).toContain('search_fold_scores');
  const unknown = await query('SELECT * FROM evaluate_metric');
  expect([unknown.exitCode, unknown.stdout]).toEqual([2, '']);
  expect(unknown.stderr).toContain('Did you mean "evaluate_metrics"');
  expect(unknown.stderr).toContain('pipe query without SQL lists the tables');
});

test.each([
  `SELECT * FROM read_csv('/etc/passwd')`,
  `COPY (SELECT 1) TO '${join(study.folder, 'stolen.csv')}'`,
  `ATTACH '${join(study.folder, 'other.db')}'`,
  'INSTALL httpfs',
  'SET enable_external_access = true',
])('SQL reaches no file and no network: %s', async (sql) => {
  const { exitCode, stderr } = await query(sql);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/Permission Error|Invalid Input Error|Cannot/);
  expect(existsSync(join(study.folder, 'stolen.csv'))).toBe(false);
});

test('CSV is quoted, and control characters of a value do not reach the terminal', async () => {
  const csv = await query(`SELECT 'a,"b"' AS "x,y", NULL AS none`, '--csv');
  expect(csv.stdout).toBe('"x,y",none\r\n"a,""b""",');
  const shown = await query(`SELECT chr(27) || '[31mred' AS text`);
  expect(shown.stdout).not.toContain('\u001b');
});

test('stages of any kind are tables, one that was collected has no rows', async () => {
  const chain = makeChain();
  await run(chain);
  const { stdout } = await start(['query', 'SELECT sum(x) AS sum FROM scale', '--store', chain.store, '--csv']);
  expect(stdout).toBe('sum\r\n6');
});
