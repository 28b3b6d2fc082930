import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { cleanEnvironment, parseEvents, start } from './study.ts';
import { allJobs, copyProject, makeMutationProject } from './support/mutation-project.ts';
import { type Mutation, meaningful, meaningless, packages, pipeline } from './support/mutations.ts';

// Each edit is made in a copy of a finished project; the jobs that run then must be exactly those that must.
let finished: string;

async function ran(folder: string, { args = [], env = {} }: Partial<Mutation>): Promise<readonly string[]> {
  const command = ['run', join(folder, 'study.yaml'), '--json', '--workers', '1', ...args];
  const { exitCode, stdout, stderr } = await start(command, { env: cleanEnvironment(env) });
  const events = parseEvents(stdout);
  expect([exitCode, exitCode === 0 ? '' : stderr + stdout]).toEqual([0, '']);
  return events.flatMap((event) => (event.type === 'job-finished' && !event.cached ? [event.job] : [])).sort();
}

beforeAll(async () => {
  finished = makeMutationProject();
  expect(await ran(finished, {})).toEqual(allJobs);
  expect(await ran(finished, {})).toEqual([]);
});

async function check(mutation: Mutation): Promise<void> {
  const project = copyProject(finished);
  mutation.edit(project);
  expect(await ran(project.folder, mutation)).toEqual([...mutation.runs].sort());
}

describe('edits that mean the same', () => {
  test.each(meaningless)('$what', check);
});
describe('edits of code that mean something else', () => {
  test.each(meaningful)('$what', check);
});
describe('edits of packages', () => {
  test.each(packages)('$what', check);
});
describe('edits of the pipeline and its data', () => {
  test.each(pipeline)('$what', check);
});
