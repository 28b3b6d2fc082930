import { expect, test } from 'vitest';
import { makeStudy, pipelineText, run, start } from './study.ts';

// One family is enough.
const study = makeStudy(pipelineText.replaceAll('[wide, dropping]', '[wide]'));

interface Attribution {
  readonly before: number;
  readonly after: number;
  readonly elsewhere: number;
  readonly factors: readonly { readonly name: string; readonly value: number }[];
  readonly hybrids: readonly number[];
}

async function attribute(...args: readonly string[]) {
  const { exitCode, stdout, stderr } = await start(['attribute', ...args, '--store', study.store, '--workers', '2']);
  return { exitCode, stdout, stderr };
}

const runOf = ({ events }: Awaited<ReturnType<typeof run>>): string => {
  const started = events.find((event) => event.type === 'run-started');
  return started?.type === 'run-started' ? started.run : '';
};

test('a change of a metric divides among the parameters that changed, and only what is between is run', async () => {
  const first = runOf(await run(study, 'evaluate'));
  const second = runOf(await run(study, 'evaluate', '--set', 'epochs=4', '--set', 'seed=8'));
  const { exitCode, stdout } = await attribute(first, second, '--json');
  expect(exitCode).toBe(0);
  const { factors, before, after, elsewhere, hybrids } = JSON.parse(stdout) as Attribution;
  expect(factors.map(({ name }) => name).sort()).toEqual(['epochs', 'seed']);
  expect(hybrids).toHaveLength(4);
  expect([hybrids[0], hybrids[3]]).toEqual([before, after]);
  expect(factors.reduce((sum, { value }) => sum + value, 0)).toBeCloseTo(after - before, 12);
  expect(elsewhere).toBeCloseTo(0, 12);
  const again = await attribute(first, second);
  expect(again.exitCode).toBe(0);
  expect(again.stdout).toContain('epochs');
  expect(again.stdout).toContain('Shapley values over 4 runs');
});

test('runs with the same parameters, and a run that is not there, are said, with exit code 2', async () => {
  const same = await attribute('@1', '@1');
  expect([same.exitCode, same.stdout]).toEqual([2, '']);
  expect(same.stderr).toContain('have the same parameters');
  const none = await attribute('@1', '@99');
  expect(none.exitCode).toBe(2);
  expect(none.stderr).toContain('there is no run @99');
});
