import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { cleanEnvironment, parseEvents, reproducibleDigests, run, start } from './study.ts';
import { type Chain, makeChain } from './support/chain.ts';

const text = `pipeline: programs
env: [MODE]
params: {scale: 2}
stages:
  make:
    matrix: {n: [1, 2]}
    uses: command
    with: {run: 'printf "\${matrix.n} \${MODE:-none} \${SECRET:-hidden}\\n" > "$PIPE_OUTPUT/made.txt"; echo made it'}
  count:
    uses: command
    from: {inputs: [make]}
    with: {run: [python3, count.py], params: {scale: "\${params.scale}"}}
`.replace(/\$\{(?=MODE|SECRET)/g, () => '$${');

const script = `import json, os
given = json.load(open(os.environ['PIPE_INPUTS']))
scale = json.load(open(os.environ['PIPE_PARAMS']))['scale']
out = os.environ['PIPE_OUTPUT']
os.makedirs(out + '/sub')
open(out + '/total.txt', 'w').write(str(scale * sum(int(open(one['path']).read().split()[0]) for one in given)))
open(out + '/sub/names.txt', 'w').write(' '.join(sorted(os.path.basename(os.environ['PIPE_INPUT_MAKE_' + one['matrix']['n']]) for one in given)))
`;

let chain: Chain;

beforeAll(async () => {
  chain = makeChain({ 'chain.yaml': text, 'count.py': script });
  const first = await run(chain);
  expect([first.stderr, first.ran]).toEqual(['', ['count', 'make[1]', 'make[2]']]);
});

async function exported(reference: string): Promise<string> {
  const { stdout } = await start(['export', reference, '-o', join(chain.folder, reference), '--store', chain.store]);
  return stdout;
}

test('programs get their inputs and params, and what they write is the artifact', async () => {
  const folder = await exported('count');
  expect(readFileSync(join(folder, 'total.txt'), 'utf8')).toBe('6');
  expect(readFileSync(join(folder, 'sub/names.txt'), 'utf8')).toBe('made.txt made.txt');
});

test('what they print stands in the log', () => {
  const [first = ''] = readdirSync(join(chain.store, 'runs')).sort();
  expect(readFileSync(join(chain.store, 'runs', first, 'logs', 'make[1].log'), 'utf8')).toBe('made it\n');
});

test('nothing runs twice, and another store comes to the same bytes', async () => {
  expect((await run(chain)).ran).toEqual([]);
  const store = join(chain.folder, 'other');
  await run(chain, '--store', store);
  expect(reproducibleDigests(store)).toEqual(reproducibleDigests(chain.store));
});

test('an edited script runs again without being declared, and a param that it is given', async () => {
  chain.write('count.py', `${script}# more\n`);
  expect((await run(chain)).ran).toEqual(['count']);
  expect((await run(chain, '--set', 'scale=3')).ran).toEqual(['count']);
});

test('a declared variable reaches the program and its fingerprint, an undeclared one neither', async () => {
  const args = ['run', chain.file, '--json'];
  const ranWith = async (env: Record<string, string>) => {
    const { stdout } = await start(args, { env: cleanEnvironment(env) });
    return parseEvents(stdout).flatMap((event) => (event.type === 'job-finished' && !event.cached ? [event.job] : []));
  };
  expect(await ranWith({ SECRET: 'told' })).toEqual([]);
  expect((await ranWith({ MODE: 'fast', SECRET: 'told' })).sort()).toEqual(['count', 'make[1]', 'make[2]']);
  expect(readFileSync(await exported('make[1]'), 'utf8')).toBe('1 fast hidden\n');
});

test.each([
  ['exits with a code', "'echo oh no; exit 3'", 'ended with exit code 3', 'oh no'],
  ['is not there', '[no-such-program, x]', 'there is no program no-such-program on PATH', 'install it'],
  ['takes too long', "'sleep 60', timeout: 0.2", 'took longer than its 0.2 s', 'timeout:'],
  ['leaves a link', "'ln -s /etc/passwd $PIPE_OUTPUT/x'", '"x", which is no plain file', 'plain files'],
  ['kills itself', "'kill -9 $$'", 'exit code 137', ''],
])('a program that %s fails in words, with its last lines', async (_, what, message, more) => {
  const broken = makeChain({ 'chain.yaml': `pipeline: broken\nstages:\n  a: {uses: command, with: {run: ${what}}}\n` });
  const { exitCode, stdout, stderr } = await start(['run', broken.file]);
  expect(exitCode).toBe(1);
  expect(stdout + stderr).toContain(message);
  expect(stdout + stderr).toContain(more);
  expect(stdout + stderr).not.toMatch(/\n {4}at /);
});

test('programs and patterns inside a text for the shell run again when edited; compiled Python and the store do not count', async () => {
  const stages = `pipeline: words
stages:
  shell: {uses: command, with: {run: [sh, -c, 'sh x.sh > $PIPE_OUTPUT/x']}}
  pattern: {uses: command, with: {run: 'cat *.csv > $PIPE_OUTPUT/x'}}
  python: {uses: command, with: {run: [python3, kinds/main.py], files: [kinds]}}
  json: {uses: command, with: {run: 'true', files: ['**/*.json']}}
`;
  const words = makeChain({
    'chain.yaml': stages,
    'x.sh': 'echo 1',
    'a.csv': '1',
    'kinds/helper.py': 'x = 1',
    'kinds/main.py': 'import helper, os\nopen(os.environ["PIPE_OUTPUT"] + "/x", "w").write(str(helper.x))',
  });
  expect((await run(words)).ran).toEqual(['json', 'pattern', 'python', 'shell']);
  expect((await run(words)).ran).toEqual([]);
  words.write('x.sh', 'echo 2');
  words.write('b.csv', '2');
  words.write('kinds/helper.py', 'x = 22');
  expect((await run(words)).ran).toEqual(['pattern', 'python', 'shell']);
});

test('a program gets a file that stands alone in a folder as a file, also beside another of its name but for the sign', async () => {
  const stages = `pipeline: nested
stages:
  a: {matrix: {n: [-1, 1]}, uses: command, with: {run: 'mkdir $PIPE_OUTPUT/s; echo \${matrix.n} > $PIPE_OUTPUT/s/y'}}
  none: {uses: command, with: {run: 'true'}}
  b: {uses: command, from: {inputs: [a, none]}, with: {run: 'cat $PIPE_INPUT_A__1 $PIPE_INPUT_A_1; test -d $PIPE_INPUT_NONE'}}
`;
  const nested = makeChain({ 'chain.yaml': stages });
  expect((await run(nested)).exitCode).toBe(0);
  const [first = ''] = readdirSync(join(nested.store, 'runs'));
  expect(readFileSync(join(nested.store, 'runs', first, 'logs', 'b.log'), 'utf8')).toBe('-1\n1\n');
});

/** Processes whose arguments hold a text. */
function processesWith(words: string): number[] {
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) return [];
    try {
      return readFileSync(`/proc/${entry}/cmdline`, 'utf8').replaceAll('\0', ' ').includes(words)
        ? [Number(entry)]
        : [];
    } catch {
      return [];
    }
  });
}

const canLookAround = existsSync('/proc/self/cmdline');

test.skipIf(!canLookAround).each(['SIGTERM', 'SIGKILL'] as const)(
  'whatever a program started ends with a run that is ended by %s',
  async (signal) => {
    // A number that nothing else sleeps for, with another process between the shell and it.
    const seconds = signal === 'SIGTERM' ? '86391' : '86392';
    const sleepy = makeChain({
      'chain.yaml': `pipeline: sleepy\nstages:\n  a: {uses: command, with: {run: 'echo started; sh -c "sleep ${seconds}; true"; true'}}\n`,
    });
    const subprocess = start(['run', sleepy.file, '--json']);
    const log = (): string => {
      const [first] = existsSync(join(sleepy.store, 'runs')) ? readdirSync(join(sleepy.store, 'runs')) : [];
      const path = join(sleepy.store, 'runs', first ?? '', 'logs', 'a.log');
      return first !== undefined && existsSync(path) ? readFileSync(path, 'utf8') : '';
    };
    await expect
      .poll(() => log() !== '' && processesWith(`sleep ${seconds}`).length > 0, { timeout: 20_000 })
      .toBe(true);
    subprocess.kill(signal);
    await subprocess;
    await expect.poll(() => processesWith(`sleep ${seconds}`), { timeout: 10_000 }).toEqual([]);
  },
);
