import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { storeLayout } from '../../src/store/layout.ts';
import { type LeaseSettings, openLeases } from '../../src/store/leases.ts';
import { ownIdentity, type ProcessIdentity } from '../../src/store/process-identity.ts';

const job = 'a'.repeat(64);
const { signal } = new AbortController();

function freshLayout() {
  const layout = storeLayout(mkdtempSync(join(tmpdir(), 'pipe-leases-')));
  for (const folder of [layout.owners, layout.temporary]) mkdirSync(folder, { recursive: true });
  return layout;
}

/** A process that ended: its number is free again. */
async function deadProcess(): Promise<ProcessIdentity> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return { ...ownIdentity(), pid: child.pid as number, started: '1' };
}

const elsewhere: ProcessIdentity = { host: 'elsewhere', boot: 'x', namespace: 'x', pid: 1, started: '1' };

const lookOften = { lookEvery: 5 } satisfies Partial<LeaseSettings>;

test('a lease has one owner at a time, and the other one is told who', () => {
  const layout = freshLayout();
  const [first, second] = [openLeases(layout, { run: 'FIRST' }), openLeases(layout, { run: 'SECOND' })];
  const lease = first.take(job);
  expect(second.take(job)).toMatchObject({ run: 'FIRST', pid: process.pid });
  if ('release' in lease) lease.release();
  expect(second.take(job)).toHaveProperty('release');
});

test('a process is seen to live from when it says so until it closes', () => {
  const layout = freshLayout();
  const [run, watcher] = [openLeases(layout, { run: 'RUN' }), openLeases(layout, { run: 'WATCHER' })];
  expect(watcher.isLiving('RUN')).toBe(false);
  run.announce();
  expect(watcher.isLiving('RUN')).toBe(true);
  run.close();
  expect(watcher.isLiving('RUN')).toBe(false);
});

test('who waits goes on when the lease is given back', async () => {
  const layout = freshLayout();
  const [first, second] = [openLeases(layout, { run: 'FIRST' }), openLeases(layout, { run: 'SECOND', ...lookOften })];
  const lease = first.take(job);
  let over = false;
  const waiting = second.waitFor(job, signal).then(() => {
    over = true;
  });
  await new Promise((next) => setImmediate(next));
  expect(over).toBe(false);
  if ('release' in lease) lease.release();
  await waiting;
  expect(second.take(job)).toHaveProperty('release');
});

test('waiting ends with the signal', async () => {
  const layout = freshLayout();
  openLeases(layout, { run: 'FIRST' }).take(job);
  const stop = new AbortController();
  const waiting = openLeases(layout, { run: 'SECOND' }).waitFor(job, stop.signal);
  stop.abort(new Error('stopped'));
  await expect(waiting).rejects.toThrow('stopped');
});

test('the leases and half-done outputs of a dead process are removed, those of a living one stay', async () => {
  const layout = freshLayout();
  const dead = openLeases(layout, { run: 'DEAD', identity: await deadProcess() });
  const living = openLeases(layout, { run: 'LIVING' });
  dead.take(job);
  dead.use(job);
  const [half, kept] = [dead.temporaryName('job'), living.temporaryName('job')];
  for (const file of [half, kept]) writeFileSync(file, '');
  const third = openLeases(layout, { run: 'THIRD' });
  third.buryDead();
  expect([existsSync(half), existsSync(kept)]).toEqual([false, true]);
  expect(readdirSync(layout.owners)).toEqual(['LIVING.json']);
  expect(third.take(job)).toHaveProperty('release');
});

test('a process that has the number of a dead one is not taken for it', () => {
  const layout = freshLayout();
  openLeases(layout, { run: 'DEAD', identity: { ...ownIdentity(), started: '1' } }).take(job);
  expect(openLeases(layout, { run: 'NEW' }).take(job)).toHaveProperty('release');
});

test('an owner before the machine started anew is dead', () => {
  const layout = freshLayout();
  openLeases(layout, { run: 'DEAD', identity: { ...ownIdentity(), boot: 'the one before' } }).take(job);
  expect(openLeases(layout, { run: 'NEW' }).take(job)).toHaveProperty('release');
});

test('an owner on another machine is dead when it does not count any more, whatever the clocks say', async () => {
  const layout = freshLayout();
  const far = openLeases(layout, { run: 'FAR', identity: elsewhere, beatEvery: 1e9 });
  far.take(job);
  const near = openLeases(layout, { run: 'NEAR', silence: 30, ...lookOften });
  expect(near.take(job)).toMatchObject({ host: 'elsewhere' });
  await near.waitFor(job, signal);
  expect(near.take(job)).toHaveProperty('release');
  expect(readdirSync(layout.owners)).toEqual(['NEAR.json']);
});

test('an owner on another machine that counts is waited for, however long it takes', async () => {
  const layout = freshLayout();
  const far = openLeases(layout, { run: 'FAR', identity: elsewhere, beatEvery: 5 });
  const lease = far.take(job);
  const near = openLeases(layout, { run: 'NEAR', silence: 200, ...lookOften });
  let over = false;
  const waiting = near.waitFor(job, signal).then(() => {
    over = true;
  });
  // The other one counts on for three times as long as silence would be death.
  await new Promise((next) => setTimeout(next, 600));
  expect(over).toBe(false);
  if ('release' in lease) lease.release();
  await waiting;
});

test('of many that find a dead owner, one gets the lease', async () => {
  const layout = freshLayout();
  openLeases(layout, { run: 'DEAD', identity: await deadProcess() }).take(job);
  const many = Array.from({ length: 20 }, (_, index) => openLeases(layout, { run: `R${index}` }));
  expect(many.map((leases) => 'release' in leases.take(job)).filter(Boolean)).toHaveLength(1);
});

test('what a process relies on is seen by others while it lives, and not by itself', async () => {
  const layout = freshLayout();
  const [first, second] = [openLeases(layout, { run: 'FIRST' }), openLeases(layout, { run: 'SECOND' })];
  first.use(job);
  first.use(job);
  expect([...second.usedByOthers()]).toEqual([job]);
  expect([...first.usedByOthers()]).toEqual([]);
  first.close();
  expect([...second.usedByOthers()]).toEqual([]);
  openLeases(layout, { run: 'DEAD', identity: await deadProcess() }).use(job);
  expect([...second.usedByOthers()]).toEqual([]);
});
