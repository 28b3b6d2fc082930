import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run, start } from './study.ts';

/** The irises of the repository in a project of their own, with a small search. */
function irises(edit: (text: string) => string = (text) => text): {
  readonly file: string;
  readonly store: string;
  readonly table: string;
} {
  const folder = mkdtempSync(join(tmpdir(), 'pipe-irises-'));
  mkdirSync(join(folder, 'pipelines/data'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{}');
  const file = join(folder, 'pipelines/iris.yaml');
  const text = readFileSync('pipelines/iris.yaml', 'utf8')
    .replace('repeats: 2, outer: 5', 'repeats: 1')
    .replace('epochs: 40', 'epochs: 20');
  writeFileSync(file, edit(text));
  const table = join(folder, 'pipelines/data/iris.csv');
  copyFileSync('pipelines/data/iris.csv', table);
  return { file, store: join(folder, 'artifacts'), table };
}

test('a table is studied like pictures: searched, fitted, evaluated and reported', async () => {
  const project = irises();
  const { exitCode, events } = await run(project);
  expect(exitCode).toBe(0);
  const scores = events.flatMap((event) =>
    event.type === 'job-finished' && event.stage.startsWith('evaluate') ? [event.score ?? 0] : [],
  );
  expect(Math.max(...scores)).toBeGreaterThan(0.9);
  const report = readFileSync(join(project.store, 'reports/iris-report.html'), 'utf8');
  expect(report).toContain('4 features (sepal_length, sepal_width, petal_length and petal_width)');
  // The data set is known to hold one flower twice.
  expect(report).toContain('equal');
  const { stdout } = await start([
    'query',
    "SELECT name, len(values) AS n FROM fit WHERE stage = 'fit[linear]' ORDER BY name",
    '--store',
    project.store,
    '--csv',
  ]);
  expect(stdout.split('\r\n')).toContain('0_normalization/mean,4');
});

test('another number in the table runs again what depends on it; an empty cell is said with its file', async () => {
  const project = irises();
  await run(project, 'split');
  writeFileSync(project.table, readFileSync(project.table, 'utf8').replace('5.1,3.5', ',3.5'));
  const { exitCode, events } = await run(project, 'split');
  expect(exitCode).toBe(1);
  expect(JSON.stringify(events)).toContain('iris.csv: 1 cells are empty');
});
