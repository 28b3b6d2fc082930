import {
  type FSWatcher,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { isSystemError } from '../errors/system.ts';
import { watchFolder } from '../util/watch-folder.ts';
import type { StoreLayout } from './layout.ts';
import { isAlive, ownIdentity, type ProcessIdentity } from './process-identity.ts';
import { createUses, readUses } from './uses.ts';

/** The process behind a lease, as people are told of it. */
export interface Owner extends ProcessIdentity {
  readonly run: string;
  /** Counts up while the owner lives. A counter and no clock: clocks of two machines differ. */
  readonly beat: number;
}

export interface Lease {
  release(): void;
}

/**
 * Says who makes what, so that two runs on one store do each job once. A lease is a symbolic link `leases/<name>` to
 * the name of its owner: made in one step or not at all, on network file systems too. The owner's file says which
 * process it is, and counts. Who finds the lease of a dead owner buries the owner: the one rename that succeeds says
 * who may remove its leases. Nothing that is correct rests on leases: two owners would make the same artifact twice.
 */
export interface Leases {
  /** Takes the lease of a name; the owner's description where somebody else has it. */
  take(name: string): Lease | Owner;
  /** Comes back when the lease of a name is free, or its owner dead; rejects when the signal is aborted. */
  waitFor(name: string, signal: AbortSignal): Promise<void>;
  /** Notes that this process relies on a record, before it reads it: the garbage collector then leaves it alone. */
  use(fingerprint: string): void;
  /** Lets others see that this process lives; done by itself with the first lease or use. */
  announce(): void;
  /** Whether the process of a run lives; of one on another machine until its counter was seen to stand still. */
  isLiving(run: string): boolean;
  /** What other living processes rely on. */
  usedByOthers(): Set<string>;
  /** A name in `tmp` that is removed when this process is gone. */
  temporaryName(kind: string): string;
  /** Removes what dead processes left: leases, half-done outputs. */
  buryDead(): void;
  close(): void;
}

export interface LeaseSettings {
  readonly run: string;
  /** Stand-ins for tests. */
  readonly identity?: ProcessIdentity;
  readonly beatEvery?: number;
  /** An owner on another machine that did not count for this long is dead, in milliseconds. */
  readonly silence?: number;
  /** How often a waiting process looks again, in milliseconds. */
  readonly lookEvery?: number;
}

function codeOf(problem: unknown): string {
  return isSystemError(problem) ? problem.code : '';
}

/** The leases of a store as one process sees them. Nothing is written before the first one is needed. */
export function openLeases(layout: StoreLayout, settings: LeaseSettings): Leases {
  const { run, beatEvery = 10_000, silence = 90_000, lookEvery = 500 } = settings;
  const own = settings.identity ?? ownIdentity();
  const id = run;
  const ownerFile = (owner: string): string => join(layout.owners, `${owner}.json`);
  const leaseFile = (name: string): string => join(layout.leases, `job-${name}`);
  const heard = new Map<string, { beat: number; at: number }>();
  const held = new Set<string>();
  const waiters = new Set<() => void>();
  const uses = createUses(join(layout.owners, `${id}.uses`));
  let registered = false;
  let beat = 0;
  let timer: NodeJS.Timeout | undefined;
  let watcher: FSWatcher | undefined;
  let temporaries = 0;

  const writeOwner = (): void => {
    const file = join(layout.owners, `${id}.new`);
    const text = JSON.stringify({ ...own, run, beat: beat++ } satisfies Owner);
    for (;;) {
      writeFileSync(file, text);
      try {
        renameSync(file, ownerFile(id));
        return;
      } catch (problem) {
        // Somebody who cleans up took it for a dead owner's, in the instant before it had its name.
        if (codeOf(problem) !== 'ENOENT') throw problem;
      }
    }
  };
  const register = (): void => {
    if (registered) return;
    registered = true;
    writeOwner();
    timer = setInterval(() => {
      try {
        writeOwner();
      } catch {
        // A full disk ends the run where it matters; a missed beat does not.
      }
    }, beatEvery);
    timer.unref();
  };
  const readOwner = (owner: string): Owner | undefined => {
    try {
      return JSON.parse(readFileSync(ownerFile(owner), 'utf8')) as Owner;
    } catch {
      return undefined;
    }
  };
  const isDead = (owner: string, description: Owner): boolean => {
    const alive = isAlive(description, own);
    if (alive !== undefined) return !alive;
    const last = heard.get(owner);
    if (last?.beat !== description.beat) heard.set(owner, { beat: description.beat, at: performance.now() });
    return last?.beat === description.beat && performance.now() - last.at > silence;
  };
  const holderOf = (name: string): string | undefined => {
    try {
      return readlinkSync(leaseFile(name));
    } catch (problem) {
      if (codeOf(problem) === 'ENOENT') return undefined;
      throw problem;
    }
  };
  /** Only whose rename succeeds goes on: a lease of a dead owner is removed by one process. */
  const bury = (owner: string): void => {
    const grave = join(layout.owners, `${owner}.dead-${id}`);
    const marks = readdirSync(layout.owners).filter((name) => name.startsWith(`${owner}.dead-`));
    const won = [`${owner}.json`, ...marks].some((name) => {
      try {
        renameSync(join(layout.owners, name), grave);
        return true;
      } catch {
        return false;
      }
    });
    if (!won && readOwner(owner) !== undefined) return;
    for (const name of readdirSync(layout.leases)) {
      if (name.startsWith('job-') && holderOf(name.slice(4)) === owner)
        rmSync(join(layout.leases, name), { force: true });
    }
    for (const name of readdirSync(layout.temporary)) {
      if (name.includes(`-${owner}`)) rmSync(join(layout.temporary, name), { recursive: true, force: true });
    }
    for (const ending of ['uses', 'new']) rmSync(join(layout.owners, `${owner}.${ending}`), { force: true });
    rmSync(grave, { force: true });
  };
  const owners = (): { readonly name: string; readonly description: Owner | undefined }[] =>
    [...new Set(readdirSync(layout.owners).map((name) => name.split('.')[0] ?? ''))]
      .filter((name) => name !== id && name !== '')
      .map((name) => ({ name, description: readOwner(name) }));
  /** The living holder of a lease; undefined where it is free, after the dead were buried. */
  const livingHolder = (name: string): Owner | undefined => {
    const holder = holderOf(name);
    if (holder === undefined) return undefined;
    const description = readOwner(holder);
    if (description !== undefined && !isDead(holder, description)) return description;
    bury(holder);
    return undefined;
  };
  const wake = (): void => {
    for (const waiter of [...waiters]) waiter();
  };

  return {
    take: (name) => {
      register();
      for (;;) {
        try {
          symlinkSync(id, leaseFile(name));
          held.add(name);
          return {
            release: () => {
              if (held.delete(name) && holderOf(name) === id) rmSync(leaseFile(name), { force: true });
            },
          };
        } catch (problem) {
          if (codeOf(problem) !== 'EEXIST') throw problem;
        }
        const holder = livingHolder(name);
        if (holder !== undefined) return holder;
      }
    },
    waitFor: (name, signal) =>
      new Promise((resolve, reject) => {
        // Watching tells at once where the file system can; the timer also finds owners that were killed.
        watcher ??= watchFolder(layout.leases, wake);
        const finish = (action: () => void): void => {
          waiters.delete(look);
          clearInterval(interval);
          signal.removeEventListener('abort', stop);
          if (waiters.size === 0) {
            watcher?.close();
            watcher = undefined;
          }
          action();
        };
        const stop = (): void => finish(() => reject(signal.reason as Error));
        const look = (): void => {
          try {
            if (livingHolder(name) === undefined) finish(resolve);
          } catch (problem) {
            finish(() => reject(problem as Error));
          }
        };
        const interval = setInterval(look, lookEvery);
        waiters.add(look);
        signal.addEventListener('abort', stop, { once: true });
        if (signal.aborted) stop();
        else look();
      }),
    use: (fingerprint) => {
      register();
      uses.note(fingerprint);
    },
    announce: register,
    isLiving: (name) => {
      const description = readOwner(name);
      return description !== undefined && !isDead(name, description);
    },
    usedByOthers: () => {
      const used = new Set<string>();
      for (const { name, description } of owners()) {
        if (description === undefined || isDead(name, description)) continue;
        for (const fingerprint of readUses(join(layout.owners, `${name}.uses`))) used.add(fingerprint);
      }
      return used;
    },
    temporaryName: (kind) => {
      register();
      return join(layout.temporary, `${kind}-${id}-${temporaries++}`);
    },
    buryDead: () => {
      for (const { name, description } of owners())
        if (description === undefined || isDead(name, description)) bury(name);
    },
    close: () => {
      clearInterval(timer);
      watcher?.close();
      for (const name of held) if (holderOf(name) === id) rmSync(leaseFile(name), { force: true });
      held.clear();
      uses.close();
      if (registered) rmSync(ownerFile(id), { force: true });
      registered = false;
    },
  };
}
