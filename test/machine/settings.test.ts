import { expect, test } from 'vitest';
import { machineSettings } from '../../src/machine/settings.ts';

const env = { HOME: '/home/ada' };
const file = (text: string) => (path: string) => (path === '/home/ada/.config/pipe/machine' ? text : undefined);
const none = () => undefined;

test('flags go over variables, variables over the file', () => {
  const text = '# this workstation\nworkers = 12\nmemory = 24GB\ngpus = 0,1\nmps = true\n';
  expect(machineSettings({ ...env, PIPE_WORKERS: '8', PIPE_GPUS: 'none' }, { workers: 4 }, file(text))).toEqual({
    ok: true,
    value: { workers: 4, memory: 24e9, gpus: [], mps: true },
  });
});

test('without any of them nothing is limited', () => {
  expect(machineSettings(env, {}, none)).toEqual({ ok: true, value: {} });
});

test.each([
  ['worker = 3', 'there is no setting "worker"', 'workers'],
  ['workers = many', 'workers must be a whole number of at least 1, got "many"', undefined],
  ['memory = 3 bananas', 'memory must be a size like 12GB or 512MiB, got "3 bananas"', undefined],
  ['gpus = 0;1', 'gpus must be indices or UUIDs, or none: 0,1, got "0;1"', undefined],
])('the line "%s" is a mistake with its place', (line, message, hint) => {
  const settings = machineSettings(env, {}, file(`\n${line}\n`));
  expect(settings).toMatchObject({
    ok: false,
    error: { message, location: { file: '/home/ada/.config/pipe/machine', line: 2 } },
  });
  if (hint !== undefined && !settings.ok) expect(settings.error.hint).toContain(hint);
});

test('a wrong variable is named', () => {
  expect(machineSettings({ ...env, PIPE_MEMORY: 'all' }, {}, none)).toMatchObject({
    ok: false,
    error: { message: 'PIPE_MEMORY must be a size like 12GB or 512MiB, got "all"' },
  });
});
