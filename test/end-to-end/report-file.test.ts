import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeStudy, run } from './study.ts';

test('a report that cannot be written to its place is a failure, and everything computed is kept', async () => {
  const study = makeStudy();
  mkdirSync(study.store);
  // A file stands where the folder of the reports should be.
  writeFileSync(join(study.store, 'reports'), '');
  const { exitCode, stderr } = await run(study);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('cannot write a report');
  expect(stderr).not.toMatch(/\n {4}at /);
  expect((await run(study)).ran).toEqual([]);
});
