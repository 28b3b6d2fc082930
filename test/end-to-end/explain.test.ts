import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { type FinishedRun, run, start } from './study.ts';
import { arithmetic, type Chain } from './support/chain.ts';
import { makeFan } from './support/fan.ts';

// What plan and why say of a change, and that a run then does what plan said.
let finished: Chain;

beforeAll(async () => {
  finished = makeFan();
  expect((await run(finished)).ran).toEqual(['add', 'read', 'scale[2]', 'scale[3]']);
});

/** A copy of the project with its store, to change. */
function copy(): Chain {
  const folder = mkdtempSync(join(tmpdir(), 'pipe-fan-'));
  cpSync(finished.folder, folder, { recursive: true, preserveTimestamps: true });
  const fresh = makeFan();
  return {
    folder,
    file: join(folder, 'chain.yaml'),
    store: join(folder, 'artifacts'),
    write: (name, text) => {
      fresh.write(name, text);
      cpSync(join(fresh.folder, name), join(folder, name));
    },
  };
}

interface PlannedStage {
  readonly id: string;
  readonly status: string;
  readonly reason?: string;
  readonly changes: readonly { readonly leaf: string; readonly before?: unknown; readonly after?: unknown }[];
  readonly after: readonly string[];
  readonly jobs: { readonly run: number };
  readonly seconds?: number;
}

async function plan(chain: Chain, ...args: readonly string[]) {
  const { stdout, stderr, exitCode } = await start(['plan', chain.file, '--json', ...args]);
  if (exitCode === 2) throw new Error(stderr);
  const { stages } = JSON.parse(stdout) as { stages: PlannedStage[] };
  return { exitCode, stages, running: stages.filter(({ status }) => status === 'run') };
}

async function why(chain: Chain, reference: string): Promise<string> {
  const { stdout, stderr } = await start(['why', reference, '--store', chain.store]);
  return stdout + stderr;
}

test('where nothing changed, a plan says so and ends with 0', async () => {
  const { exitCode, running } = await plan(finished, '--exit-code');
  expect([exitCode, running]).toEqual([0, []]);
  const { stdout } = await start(['plan', finished.file]);
  expect(stdout).toContain('Nothing to do: all 4 stages are cached.');
});

test('a stage that never ran is new, what follows it follows, and the plan ends with 1 for CI', async () => {
  const { exitCode, stages } = await plan(makeFan(), '--exit-code');
  expect(exitCode).toBe(1);
  expect(stages.map(({ id, reason }) => [id, reason])).toEqual([
    ['read', 'new'],
    ['scale[2]', 'follows'],
    ['scale[3]', 'follows'],
    ['add', 'follows'],
  ]);
});

/** A change, the leaf that plan and why name with its old and new value, the stage it is named for, and what runs. */
const changes: [string, (chain: Chain) => readonly string[], string, string, readonly string[]][] = [
  ['a parameter', () => ['--set', 'offset=7'], 'add', 'with.offset 0 → 7', ['add']],
  [
    'a helper that a stage kind calls',
    (chain) => {
      chain.write('kinds/arithmetic.js', arithmetic.replace('value * factor', 'value * factor + 0 * value'));
      return [];
    },
    'scale[2]',
    'kinds/arithmetic: scaled changed',
    ['scale[2]', 'scale[3]'],
  ],
  [
    'data',
    (chain) => {
      chain.write('numbers.txt', '1\n2\n3\n4\n');
      return [];
    },
    'read',
    'file numbers.txt changed',
    ['add', 'read', 'scale[2]', 'scale[3]'],
  ],
  ['a profile', () => ['--profile', 'other'], 'add', 'with.offset 0 → 5', ['add']],
];

test.each(changes)(
  '%s that changed is named by its leaf, before the run and after it',
  async (_, change, stage, said, ran) => {
    const chain = copy();
    const args = change(chain);
    const { stdout } = await start(['plan', chain.file, ...args]);
    expect(stdout).toContain(said);
    const { running } = await plan(chain, ...args);
    const [first] = running;
    expect([first?.id, first?.reason]).toEqual([stage, 'changed']);
    expect(running.map(({ id }) => id)).toEqual(expect.arrayContaining([...ran]));
    const made: FinishedRun = await run(chain, ...args);
    expect(made.ran).toEqual(ran);
    expect(await why(chain, stage)).toContain(said);
  },
);

test('the cause of a stage far down is the first change upstream, with the rows that its inputs had and have', async () => {
  const chain = copy();
  chain.write('numbers.txt', '1\n2\n3\n4\n');
  await run(chain);
  const text = await why(chain, 'add');
  expect(text).toMatch(/add ran in run \w+ .*because/);
  expect(text).toContain('▸ read: file numbers.txt changed');
  expect(text).toContain('so its input changed: tables (3 → 4 rows)');
  expect(text).toContain('3 other stages ran in that run as a consequence');
});

test('a group of instances is one target and one story', async () => {
  const chain = copy();
  chain.write('kinds/arithmetic.js', arithmetic.replace('value * factor', 'factor * value'));
  await run(chain);
  expect(await why(chain, 'scale')).toMatch(/^scale\[2\], scale\[3\] ran in run/);
  expect((await why(chain, 'scale')).match(/arithmetic/g)).toHaveLength(1);
});

test('a stage that was cached says where it was made, and an older run can be asked', async () => {
  const chain = copy();
  await run(chain, '--set', 'offset=7');
  expect(await why(chain, 'read')).toMatch(/read was cached in run (\w+), made in run \w+ .*\n.*it had not run before/);
  expect(await why(chain, 'add@2')).toContain('it had not run before');
  expect(await why(chain, 'add@1')).toContain('with.offset 0 → 7');
});

test('a declared environment variable is a leaf of its own', async () => {
  const chain = copy();
  const env = { ...(process.env as Record<string, string>), FAN_MODE: 'b' };
  const { stdout } = await start(['plan', chain.file, '--store', chain.store], { env });
  expect(stdout).toContain('env.FAN_MODE nothing → b');
});

test('artifacts that are gone are told as that', async () => {
  const chain = copy();
  rmSync(join(chain.store, 'cas'), { recursive: true });
  const { running } = await plan(chain);
  expect(running[0]).toMatchObject({ id: 'read', reason: 'lost' });
});

test('what is asked for runs again: --from with all that depends on it, --force with targets alone', async () => {
  const chain = copy();
  expect((await run(chain, '--from', 'scale[2]')).ran).toEqual(['add', 'scale[2]']);
  expect((await run(chain, 'scale', '--force')).ran).toEqual(['scale[2]', 'scale[3]']);
  expect((await run(chain, '--force')).ran).toHaveLength(4);
});

test('targets run with what they need and nothing else', async () => {
  const fresh = makeFan();
  expect((await run(fresh, 'scale[2]')).ran).toEqual(['read', 'scale[2]']);
  expect((await run(fresh, '--until', 'scale')).ran).toEqual(['scale[3]']);
  expect((await plan(fresh, 'add')).running.map(({ id }) => id)).toEqual(['add']);
});

test.each([
  [['run', 'FILE', 'sclae'], 'there is no stage "sclae"', 'did you mean "scale"?'],
  [['run', 'FILE', 'scale[4]'], '"scale" has no instance [4]', 'did you mean'],
  [['plan', 'FILE', 'scale[2]', '--from', 'add'], 'add is not among what the targets need', 'leave the targets out'],
  [['why', 'ad', '--store', 'STORE'], 'no run of this store has a stage "ad"', 'did you mean "add"?'],
  [['why', 'add@77', '--store', 'STORE'], 'there is no run @77', '@1 is the newest'],
  [['why', 'add@ZZZZZZ', '--store', 'STORE'], 'there is no run "ZZZZZZ"', ''],
])('%j is a mistake that is told in words', async (args, message, hint) => {
  const { exitCode, stderr, stdout } = await start(
    args.map((one) => (one === 'FILE' ? finished.file : one === 'STORE' ? finished.store : one)),
  );
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toContain(message);
  expect(stderr).toContain(hint);
});
