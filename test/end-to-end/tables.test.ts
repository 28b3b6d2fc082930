import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { makeStudy, pipelineText, run, start } from './study.ts';

const study = makeStudy(pipelineText.replaceAll('[wide, dropping]', '[wide]'));

beforeAll(async () => {
  await run(study, 'evaluate');
  await run(study, 'evaluate', '--set', 'epochs=4', '--set', 'grid.wide.units=[24]');
});

const pipe = (...args: readonly string[]) => start([...args, '--store', study.store]);

test('the scores of runs stand side by side with their intervals, sorted where that is asked', async () => {
  const { stdout, exitCode } = await pipe('metrics', '--sort', 'accuracy', '--json');
  expect(exitCode).toBe(0);
  const { schema, rows } = JSON.parse(stdout) as { schema: string; rows: Record<string, number | string>[] };
  expect(schema).toBe('pipe.metrics/1');
  expect(rows.map(({ stage }) => stage)).toEqual(['evaluate[wide]', 'evaluate[wide]']);
  expect(Number(rows[0]?.['accuracy'])).toBeGreaterThanOrEqual(Number(rows[1]?.['accuracy']));
  for (const row of rows) {
    expect(Number(row['accuracy low'])).toBeLessThanOrEqual(Number(row['accuracy']));
    expect(Number(row['macro f1 high'])).toBeGreaterThanOrEqual(Number(row['macro f1']));
  }
  const table = await pipe('metrics', '@1', '--metric', 'macro f1');
  expect(table.stdout).toMatch(/@1 +small +default +evaluate\[wide] +\d\.\d{4} \[\d\.\d{4}, \d\.\d{4}]/);
});

test('a metric that no run has is a mistake with the nearest one', async () => {
  const { exitCode, stderr } = await pipe('metrics', '--metric', 'acuracy');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('did you mean "accuracy"');
});

test('parameters that differ stand side by side; of one run all', async () => {
  const differing = await pipe('params', '@2', '@1', '--csv');
  expect(differing.stdout.split('\r\n').slice(1)).toEqual(['epochs,2,4', 'grid.wide.units,"[24,32]",[24]']);
  const all = await pipe('params', '@1');
  expect(all.stdout).toContain('seed');
});

test('a tagged run keeps its name and is not deleted; others are, and their artifacts stay', async () => {
  expect((await pipe('runs', 'tag', '@2', 'baseline')).exitCode).toBe(0);
  const refused = await pipe('runs', 'delete', '@1', 'baseline');
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toContain('pinned as baseline');
  expect(readdirSync(join(study.store, 'runs'))).toHaveLength(2);
  const [, newest = ''] = readdirSync(join(study.store, 'runs')).sort();
  expect((await pipe('runs', 'delete', '@1')).exitCode).toBe(0);
  expect(existsSync(join(study.store, 'runs', newest))).toBe(false);
  const again = await run(study, 'evaluate', '--set', 'epochs=4', '--set', 'grid.wide.units=[24]');
  expect(again.ran).toEqual([]);
});
