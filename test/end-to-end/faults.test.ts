import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa, execaSync } from 'execa';
import { beforeAll, describe, expect, test } from 'vitest';
import { cleanEnvironment, program, reproducibleDigests, run, start } from './study.ts';
import { type Chain, makeChain, makeKind } from './support/chain.ts';

// A kill or a full disk at every place where the store is changed: what strace does to the n-th rename of the run.
const canTrace = (() => {
  try {
    execFileSync('strace', ['-o', '/dev/null', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

let wanted: Record<string, string>;
let chain: Chain;

beforeAll(async () => {
  chain = makeChain();
  expect((await run(chain)).exitCode).toBe(0);
  wanted = reproducibleDigests(chain.store);
});

function pipeWithFault(fault: string, args: readonly string[], call: Change['call'] = 'rename') {
  // Stopping at the renames only is quicker, but cannot send signals.
  const quicker = fault.startsWith('signal') ? [] : ['-f', '--seccomp-bpf'];
  const traced = [...quicker, '-o', '/dev/null', '-e', `trace=${call}`, '-e', `inject=${call}:${fault}`];
  return execa('strace', [...traced, process.execPath, program, ...args], {
    // Node's own cache of compiled code renames files too.
    env: cleanEnvironment({ NODE_DISABLE_COMPILE_CACHE: '1' }),
    extendEnv: false,
    reject: false,
    timeout: 60_000,
  });
}

const runWithFault = (fault: string, store: string, call: Change['call']) =>
  pipeWithFault(fault, ['run', chain.file, '--store', store, '--quiet'], call);

/** The n-th call of a kind by which a run changes its store, and how many jobs the next run has to do when it ends there. */
interface Change {
  readonly call: 'rename' | 'link';
  readonly n: number;
  readonly left: number;
}

/** What a run of the chain does: its owner; artifact, code closure and, by a link, record of each stage; the manifest. */
const changes: readonly Change[] = [
  ...[2, 2, 2, 1, 1, 0].map((left, index) => ({ call: 'rename' as const, n: index + 1, left })),
  { call: 'link', n: 1, left: 2 },
  { call: 'link', n: 2, left: 1 },
];

describe.skipIf(!canTrace)('whenever it happens', () => {
  test.each(changes)(
    'SIGKILL at $call $n of the store loses nothing that was finished and breaks nothing',
    async ({ call, n, left }) => {
      const store = join(chain.folder, `killed-${call}-${n}`);
      const killed = await runWithFault(`signal=KILL:when=${n}`, store, call);
      expect(killed.exitCode).not.toBe(0);
      const next = await run(chain, '--store', store);
      expect([next.exitCode, next.stderr]).toEqual([0, '']);
      expect(next.events.filter((event) => event.type === 'notice' && event.level === 'warning')).toEqual([]);
      expect(next.ran).toHaveLength(left);
      expect(reproducibleDigests(store)).toEqual(wanted);
      expect(readdirSync(join(store, 'quarantine'))).toEqual([]);
      expect(readdirSync(join(store, 'tmp'))).toEqual([]);
    },
  );

  test.each(changes)(
    'a disk that is full from $call $n of the store on is said in words; the next run goes on',
    async ({ call, n }) => {
      const store = join(chain.folder, `full-${call}-${n}`);
      const { exitCode, stdout, stderr } = await runWithFault(`error=ENOSPC:when=${n}+`, store, call);
      expect(`${stdout}${stderr}`).not.toMatch(/\n {4}at /);
      expect(`${stdout}${stderr}`).toContain('no space left on the disk');
      expect([1, 2]).toContain(exitCode);
      const next = await run(chain, '--store', store);
      expect([next.exitCode, next.stderr]).toEqual([0, '']);
      expect(reproducibleDigests(store)).toEqual(wanted);
    },
  );
});

/** The renames of the collector when it evicts both artifacts: its owner; each record; each blob, moved aside. */
const collectorRenames = [1, 2, 3, 4, 5];

describe.skipIf(!canTrace)('a collector that is killed', () => {
  test.each(collectorRenames)(
    'at change %i of the store leaves one that goes on as if nothing had happened',
    async (n) => {
      const store = join(chain.folder, `collected-${n}`);
      cpSync(chain.store, store, { recursive: true, preserveTimestamps: true });
      const killed = await pipeWithFault(`signal=KILL:when=${n}`, ['gc', '--limit', '0', '--store', store]);
      expect(killed.exitCode).not.toBe(0);
      const next = await run(chain, '--store', store);
      expect([next.exitCode, next.stderr]).toEqual([0, '']);
      expect(next.events.filter((event) => event.type === 'notice' && event.level === 'warning')).toEqual([]);
      expect(reproducibleDigests(store)).toEqual(wanted);
      expect(readdirSync(join(store, 'tmp'))).toEqual([]);
      expect((await start(['gc', '--store', store])).exitCode).toBe(0);
    },
  );
});

/** A file system of 400 KiB at a folder; false where this user may not mount one. */
function mountSmall(folder: string): boolean {
  mkdirSync(folder, { recursive: true });
  return execaSync('mount', ['-t', 'tmpfs', '-o', 'size=400k', 'tmpfs', folder], { reject: false }).exitCode === 0;
}

test('a disk that fills up with the log of a running job ends the run in words', async (context) => {
  const talking = makeKind.replace('run: async ({', 'run: async ({ log,').replace(
    'outputs.table',
    `for (let line = 0; line < 500; line++) {
      log('x'.repeat(20000));
      await new Promise((next) => setImmediate(next));
    }
    outputs.table`,
  );
  const noisy = makeChain({ 'kinds/make.js': talking });
  const disk = join(noisy.folder, 'disk');
  if (!mountSmall(disk)) context.skip('this user may not mount a file system');
  try {
    const { exitCode, stdout, stderr } = await start(['run', noisy.file, '--store', join(disk, 'store')]);
    expect(`${stdout}${stderr}`).not.toMatch(/\n {4}at /);
    expect(stderr).toContain('no space left on the disk');
    expect([1, 2]).toContain(exitCode);
  } finally {
    execaSync('umount', [disk]);
  }
});

describe('a store that something else touched', () => {
  const files = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
      entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
    );
  /** Spoils all files of one folder of a finished store, and runs again. */
  const spoilt = async (folder: string, spoil: (file: string) => void) => {
    const store = mkdtempSync(join(chain.folder, 'spoilt-'));
    cpSync(chain.store, store, { recursive: true, preserveTimestamps: true });
    for (const file of files(join(store, folder))) {
      chmodSync(file, 0o644);
      spoil(file);
    }
    const next = await run(chain, '--store', store);
    expect([next.exitCode, next.stderr]).toEqual([0, '']);
    expect(reproducibleDigests(store)).toEqual(wanted);
    return { ran: next.ran, setAside: readdirSync(join(store, 'quarantine')).length };
  };

  test('truncated artifacts are set aside and computed again', async () => {
    expect(await spoilt('cas', (file) => truncateSync(file, 100))).toEqual({ ran: ['make', 'scale'], setAside: 2 });
  });

  test.each([
    ['empty', ''],
    ['cut off', '{"format":1,"fingerp'],
    ['of another format', '{"format":99}'],
    ['no map', 'null'],
    ['naming files outside of the store', '{"format":1,"outputs":{"table":{"digest":"../../../etc/passwd"}}}'],
  ])('records that are %s are set aside and made again', async (_, text) => {
    expect(await spoilt('records', (file) => writeFileSync(file, text))).toEqual({
      ran: ['make', 'scale'],
      setAside: 2,
    });
  });

  test.each(['{', '[]', '{"x": 1}'])('memory aids that hold %j change nothing', async (text) => {
    expect(await spoilt('memo', (file) => writeFileSync(file, text))).toEqual({ ran: [], setAside: 0 });
  });
});
