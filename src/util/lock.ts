import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { failure } from '../errors/failure.ts';
import { isSystemError } from '../errors/system.ts';
import { err, type Result } from './result.ts';

export interface LockOptions {
  /** Called once, when somebody else holds the lock and this process begins to wait. */
  readonly onWait?: () => void;
  readonly signal: AbortSignal;
}

interface HeldLock {
  release(): Promise<void>;
}

/**
 * Where a lock's socket lives. Linux: the abstract namespace, which the kernel clears when the process ends,
 * however it ends. Windows: a named pipe, likewise. Elsewhere a socket file, which a kill leaves behind.
 */
function lockAddress(name: string): { readonly address: string; readonly isFile: boolean } {
  const user = process.platform === 'win32' ? userInfo().username : String(process.getuid?.() ?? '');
  const key = createHash('sha256').update(`${user}\n${name}`).digest('hex').slice(0, 40);
  if (process.platform === 'linux') return { address: `\0pipe-${key}`, isFile: false };
  if (process.platform === 'win32') return { address: `\\\\.\\pipe\\pipe-${key}`, isFile: false };
  return { address: path.join(tmpdir(), `pipe-${key.slice(0, 24)}.lock`), isFile: true };
}

/** Listens on the address: whoever can, holds the lock. Undefined when somebody else does. */
function tryListen(address: string): Promise<HeldLock | undefined> {
  return new Promise((resolve, reject) => {
    const waiters = new Set<Socket>();
    const server: Server = createServer((waiter) => {
      waiters.add(waiter);
      waiter.on('error', () => waiter.destroy());
      waiter.on('close', () => waiters.delete(waiter));
    });
    server.on('error', (problem) => {
      if (isSystemError(problem) && problem.code === 'EADDRINUSE') resolve(undefined);
      else reject(problem);
    });
    server.listen({ path: address, exclusive: true }, () =>
      resolve({
        release: () =>
          new Promise((released) => {
            server.close(() => released());
            // The address is free first, then the waiters wake: none of them finds it still taken.
            for (const waiter of waiters) waiter.destroy();
          }),
      }),
    );
  });
}

/** Connects to the holder and comes back when the holder lets go or dies. `refused`: nobody listens. */
function waitForHolder(
  address: string,
  signal: AbortSignal,
  onConnect: () => void,
): Promise<'gone' | 'refused' | 'busy'> {
  return new Promise((resolve) => {
    let connected = false;
    let outcome: 'gone' | 'refused' | 'busy' = 'gone';
    const socket = connect({ path: address });
    const abort = () => socket.destroy();
    signal.addEventListener('abort', abort, { once: true });
    socket.on('connect', () => {
      connected = true;
      onConnect();
    });
    socket.on('error', (problem) => {
      if (connected || !isSystemError(problem)) return;
      outcome = problem.code === 'ECONNREFUSED' || problem.code === 'ENOENT' ? 'refused' : 'busy';
    });
    socket.on('close', () => {
      signal.removeEventListener('abort', abort);
      resolve(outcome);
    });
    socket.resume();
  });
}

/** Takes the lock, waiting as long as somebody else has it; undefined when the signal ends the waiting. */
async function acquire(name: string, options: LockOptions): Promise<HeldLock | undefined> {
  const { address, isFile } = lockAddress(name);
  let told = false;
  while (!options.signal.aborted) {
    const held = await tryListen(address);
    if (held !== undefined) return held;
    const outcome = await waitForHolder(address, options.signal, () => {
      if (!told) options.onWait?.();
      told = true;
    });
    if (outcome === 'refused' && isFile) await rm(address, { force: true });
    // A holder whose queue of connections is full answers so; that is the only case without an event to wait for.
    if (outcome === 'busy') await delay(100);
  }
  return undefined;
}

/**
 * Runs the action while no other process of this user on this machine runs one under the same name; a second
 * one waits. The lock is freed when its process ends, also by kill -9, so that nobody ever has to remove one.
 * Where sockets are files (macOS), two processes that find the file of a killed holder in the same instant could
 * both get in: what the action publishes must be published by a rename.
 *
 * Errors: `interrupted` when the signal ends the waiting; otherwise what the action returns.
 */
export async function withLock<Value>(
  name: string,
  options: LockOptions,
  action: () => Promise<Result<Value>>,
): Promise<Result<Value>> {
  const held = await acquire(name, options);
  if (held === undefined) return err(failure('interrupted', 'the wait for another process was interrupted'));
  try {
    return await action();
  } finally {
    await held.release();
  }
}
