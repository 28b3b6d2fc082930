import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { describe, expect, it } from 'vitest';
import { withLock } from '../../src/util/lock.ts';
import { ok } from '../../src/util/result.ts';

const never = new AbortController().signal;

function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** Another process that takes the lock and keeps it for ever. Node 20 cannot run TypeScript, so it gets a bundle. */
async function startHolder(name: string): Promise<ChildProcess> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    ssr: { noExternal: true },
    build: { ssr: fileURLToPath(new URL('../../src/util/lock.ts', import.meta.url)), write: false },
  });
  const output = 'output' in built ? built.output[0] : undefined;
  if (output?.type !== 'chunk') throw new Error('no bundle');
  const program = `${output.code}
    setInterval(() => {}, 1000);
    withLock(${JSON.stringify(name)}, { signal: new AbortController().signal }, () => {
      console.log('held');
      return new Promise(() => {});
    });`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  return holder;
}

describe('withLock', () => {
  it('lets one in at a time, and the second as soon as the first is out', async () => {
    const name = `test-order-${process.pid}`;
    const waiting = gate();
    const inside = gate();
    const events: string[] = [];
    const first = withLock(name, { signal: never }, async () => {
      inside.open();
      await waiting.opened;
      events.push('first out');
      return ok();
    });
    await inside.opened;
    const second = withLock(name, { signal: never, onWait: waiting.open }, async () => {
      events.push('second in');
      return ok(2);
    });
    expect(await first).toEqual(ok());
    expect(await second).toEqual(ok(2));
    expect(events).toEqual(['first out', 'second in']);
  });

  it('lets locks of different names in together', async () => {
    const result = await withLock(`test-a-${process.pid}`, { signal: never }, () =>
      withLock(`test-b-${process.pid}`, { signal: never }, async () => ok('both')),
    );
    expect(result).toEqual(ok('both'));
  });

  it('is free again when the action throws', async () => {
    const name = `test-throw-${process.pid}`;
    const broken = withLock(name, { signal: never }, async () => {
      throw new Error('a bug');
    });
    await expect(broken).rejects.toThrow('a bug');
    expect(await withLock(name, { signal: never }, async () => ok('free'))).toEqual(ok('free'));
  });

  it('stops waiting on an interrupt', async () => {
    const name = `test-abort-${process.pid}`;
    const interrupt = new AbortController();
    const result = await withLock(name, { signal: never }, () =>
      withLock(name, { signal: interrupt.signal, onWait: () => interrupt.abort() }, async () => ok('not reached')),
    );
    expect(result.ok ? '' : result.error.code).toBe('interrupted');
  });

  it('lets the next in when the holder is killed', async () => {
    const name = `test-kill-${process.pid}`;
    const holder = await startHolder(name);
    const result = await withLock(name, { signal: never, onWait: () => holder.kill('SIGKILL') }, async () => ok('in'));
    expect(result).toEqual(ok('in'));
    expect(holder.signalCode ?? (await once(holder, 'exit'))[1]).toBe('SIGKILL');
  });
});
