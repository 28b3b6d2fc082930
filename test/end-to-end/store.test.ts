import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { reproducibleDigests, run, start } from './study.ts';
import type { Chain } from './support/chain.ts';
import { makeFan } from './support/fan.ts';

// What people do with a store: look after its size, keep runs, check it.
let finished: Chain;
let wanted: Record<string, string>;

beforeAll(async () => {
  finished = makeFan();
  await run(finished);
  wanted = reproducibleDigests(finished.store);
});

function copyOfStore(): string {
  const store = join(mkdtempSync(join(tmpdir(), 'pipe-store-')), 'artifacts');
  cpSync(finished.store, store, { recursive: true, preserveTimestamps: true });
  return store;
}

function blobs(store: string): string[] {
  const cas = join(store, 'cas', 'sha256');
  return readdirSync(cas).flatMap((shard) => readdirSync(join(cas, shard)).map((name) => join(cas, shard, name)));
}

async function pipe(...args: readonly string[]) {
  const { exitCode, stdout, stderr } = await start(args);
  return { exitCode, text: stdout + stderr };
}

test('what was evicted is known: nothing that follows from it runs, and the target is made again', async () => {
  const store = copyOfStore();
  await pipe('gc', '--limit', '0', '--store', store);
  expect(blobs(store)).toEqual([]);
  // The target's artifact must be there, so all that it is made of is needed.
  expect((await run(finished, '--store', store)).ran).toEqual(['add', 'read', 'scale[2]', 'scale[3]']);
  expect(reproducibleDigests(store)).toEqual(wanted);
});

test('where only what is between was evicted, a run has nothing to do, and a change makes again only what it needs', async () => {
  const store = copyOfStore();
  const target = join(
    store,
    'cas',
    'sha256',
    (wanted['add.table'] as string).slice(0, 2),
    wanted['add.table'] as string,
  );
  const kept = readFileSync(target);
  await pipe('gc', '--limit', '0', '--store', store);
  writeFileSync(target, kept);
  expect((await run(finished, '--store', store)).ran).toEqual([]);
  const planned = await pipe('plan', finished.file, '--set', 'offset=1', '--store', store);
  expect(planned.text).toContain('was removed to save space, and is needed');
  expect((await run(finished, '--store', store, '--set', 'factors=[2]')).ran).toEqual(['add', 'read', 'scale[2]']);
});

test('a dry run of the collector says what would go, and removes nothing', async () => {
  const store = copyOfStore();
  const { text } = await pipe('gc', '--limit', '0', '--dry-run', '--store', store);
  expect(text).toContain('artifacts of 4 jobs');
  expect(text).toContain('would be removed');
  expect(blobs(store)).toHaveLength(4);
});

test('a pinned run keeps its artifacts, whatever the limit', async () => {
  const store = copyOfStore();
  await run(finished, '--store', store, '--set', 'offset=1');
  expect((await pipe('pin', '@2', 'baseline', '--store', store)).text).toContain('4 jobs are kept');
  const { text } = await pipe('gc', '--limit', '0', '--store', store);
  expect(text).toContain('artifacts of 1 job ');
  expect(text).toContain('needed by pinned runs');
  expect(blobs(store)).toHaveLength(4);
  expect((await pipe('pin', '--store', store)).text).toMatch(/^baseline {2}\w{26} {2}fan$/);
  expect((await pipe('unpin', 'baseline', '--store', store)).exitCode).toBe(0);
  await pipe('gc', '--limit', '0', '--store', store);
  expect(blobs(store)).toEqual([]);
});

test('a store that grows above its limit is brought below it by the run itself, but never loses what the run made', async () => {
  const store = copyOfStore();
  const [one = ''] = blobs(store);
  await pipe('gc', '--limit', String(4 * readFileSync(one).length + 100), '--remember', '--store', store);
  expect(blobs(store)).toHaveLength(4);
  const { events } = await run(finished, '--store', store, '--set', 'offset=1');
  const notices = events.flatMap((event) => (event.type === 'notice' ? [event.text] : []));
  expect(notices.join()).toContain('the store was above its limit');
  expect(blobs(store)).toHaveLength(4);
  expect((await run(finished, '--store', store, '--set', 'offset=1')).ran).toEqual([]);
  expect((await run(finished, '--store', store)).ran).toEqual(['add']);
});

test.each([
  [['gc', '--limit', 'much'], '"much" is not a size'],
  [['pin', '@9'], 'there is no run @9'],
  [['pin', '@1', '../x'], '"../x" cannot name a pin'],
  [['unpin', 'nothing'], 'there is no pin "nothing"'],
  [['verify', '@9'], 'there is no run @9'],
])('pipe %j is a mistake that is told in words', async (args, message) => {
  const { exitCode, text } = await pipe(...args, '--store', copyOfStore());
  expect(exitCode).toBe(2);
  expect(text).toContain(message);
});

test('verify reads every byte: a flipped one is found though its file looks untouched, and the next run mends it', async () => {
  const store = copyOfStore();
  expect(await pipe('verify', '--store', store)).toMatchObject({
    exitCode: 0,
    text: expect.stringContaining('all are whole'),
  });
  await run(finished, '--store', store);
  const [blob = ''] = blobs(store);
  const bytes = readFileSync(blob);
  bytes[8] = (bytes[8] as number) ^ 1;
  chmodSync(blob, 0o644);
  writeFileSync(blob, bytes);
  const { exitCode, text } = await pipe('verify', '--all', '--store', store);
  expect([exitCode, text]).toEqual([1, expect.stringContaining('1 damaged and set aside')]);
  expect((await run(finished, '--store', store)).ran).toHaveLength(1);
  expect(await pipe('verify', '--all', '--store', store)).toMatchObject({ exitCode: 0 });
  expect(reproducibleDigests(store)).toEqual(wanted);
});

test('one store serves many checkouts of a project: what one made, the other has', async () => {
  const other = makeFan();
  expect(other.folder).not.toBe(finished.folder);
  expect((await run(other, '--store', finished.store)).ran).toEqual([]);
});
