import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { quarantined, type StoredFile, storedBlobs, storedCheckpoints, storedRecords } from './contents.ts';
import { makeFolder } from './durable.ts';
import { chooseEvictions, type Eviction, type Holding, orphans } from './eviction.ts';
import type { JobRecord } from './record.ts';
import type { Store } from './store.ts';

const hour = 60 * 60 * 1000;
/** A blob without a record may be one that a job publishes right now: its record comes within moments. */
const orphanAge = hour;
const quarantineAge = 14 * 24 * hour;
/** A checkpoint is what is left of a killed job: whoever wants to go on does so within this time. */
const checkpointAge = 30 * 24 * hour;

export interface GarbageOptions {
  /** Bytes that the store may take; blobs are evicted above it. */
  readonly limit: number;
  /** Fingerprints that must stay whole: those of pinned runs. */
  readonly keep: ReadonlySet<string>;
  /** Only say what would go. */
  readonly dryRun: boolean;
}

/** What was removed, or would be. */
export interface Garbage {
  readonly limit: number;
  /** Bytes of blobs, checkpoints and quarantine, before and after. */
  readonly before: number;
  readonly after: number;
  readonly evictions: readonly Eviction[];
  readonly orphans: readonly StoredFile[];
  readonly checkpoints: readonly StoredFile[];
  readonly quarantined: readonly StoredFile[];
  /** Bytes that stay above the limit because pinned runs or running ones need them. */
  readonly over: number;
}

function bytesOf(files: readonly { readonly size: number }[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}

/**
 * Removes what nobody needs, then the artifacts that are cheapest to make again, until the store is below its limit.
 * Their records stay and are marked: what they made is known, so what follows from them stays cached. Never what a
 * pinned run or a living process relies on. Undefined when another process is at it.
 */
export function collectGarbage(store: Store, options: GarbageOptions): Garbage | undefined {
  const lease = store.leases.take('garbage');
  if (!('release' in lease)) return undefined;
  try {
    const now = storeTime(store);
    const blobs = storedBlobs(store.layout);
    const holdings = readHoldings(store);
    const aged = (files: readonly StoredFile[], age: number) => files.filter(({ changed }) => changed < now - age);
    const used = store.leases.usedByOthers();
    const done = new Set(holdings.map(({ record }) => record.fingerprint));
    const checkpoints = storedCheckpoints(store.layout);
    const oldCheckpoints = checkpoints.filter(
      ({ name, changed }) =>
        !used.has(name) && (changed < now - checkpointAge || (done.has(name) && changed < now - orphanAge)),
    );
    const damaged = quarantined(store.layout);
    const oldDamaged = aged(damaged, quarantineAge);
    const lost = orphans(blobs, holdings, now - orphanAge);
    const before = bytesOf([...blobs, ...checkpoints, ...damaged]);
    const total = before - bytesOf([...oldCheckpoints, ...oldDamaged, ...lost]);
    const sizes = new Map(blobs.map(({ name, size }) => [name, size]));
    const present = holdings.filter(({ record }) => record.evicted !== true);
    const keep = new Set([...options.keep, ...used]);
    const evictions = chooseEvictions(present, sizes, { total, limit: options.limit, keep, now });
    let after = total - evictions.reduce((sum, { bytes }) => sum + bytes, 0);
    if (!options.dryRun) {
      for (const { path } of [...oldCheckpoints, ...oldDamaged]) rmSync(path, { force: true });
      after += removeBlobs(store, evictions, present, lost);
    }
    return {
      limit: options.limit,
      before,
      after,
      evictions,
      orphans: lost,
      checkpoints: oldCheckpoints,
      quarantined: oldDamaged,
      over: Math.max(0, after - options.limit),
    };
  } finally {
    lease.release();
  }
}

/** The time by the clock of the store's disk, which may be another machine's. */
function storeTime(store: Store): number {
  const file = store.leases.temporaryName('clock');
  writeFileSync(file, '');
  const { mtimeMs } = statSync(file);
  rmSync(file, { force: true });
  return mtimeMs;
}

function readHoldings(store: Store): Holding[] {
  return storedRecords(store.layout).flatMap(({ name, changed }) => {
    const record = store.readRecord(name);
    return record === undefined ? [] : [{ record, used: changed }];
  });
}

/**
 * Moves the blobs aside first, and only then looks again who relies on what: a run notes a record before it looks for
 * the blobs (see uses.ts), so either it finds them gone or its note is found here, and they go back. Returns the bytes
 * that went back.
 */
function removeBlobs(
  store: Store,
  evictions: readonly Eviction[],
  present: readonly Holding[],
  lost: readonly StoredFile[],
): number {
  const { layout } = store;
  const aside = store.leases.temporaryName('garbage');
  mkdirSync(aside);
  const gone = new Set(evictions.map(({ record }) => record.fingerprint));
  const needed = digestsOf(present.filter(({ record }) => !gone.has(record.fingerprint)).map(({ record }) => record));
  const move = (digest: string): void => {
    if (existsSync(layout.blob(digest))) renameSync(layout.blob(digest), join(aside, digest));
  };
  for (const { record } of evictions) store.publishRecord({ ...record, evicted: true });
  for (const digest of digestsOf(evictions.map(({ record }) => record))) if (!needed.has(digest)) move(digest);
  for (const { name } of lost) move(name);
  const used = store.leases.usedByOthers();
  let back = 0;
  for (const { record, bytes } of evictions) {
    if (!used.has(record.fingerprint)) continue;
    for (const digest of digestsOf([record])) {
      const moved = join(aside, digest);
      if (!existsSync(moved)) continue;
      makeFolder(dirname(layout.blob(digest)));
      renameSync(moved, layout.blob(digest));
    }
    store.publishRecord(record);
    back += bytes;
  }
  rmSync(aside, { recursive: true, force: true });
  return back;
}

function digestsOf(records: readonly JobRecord[]): Set<string> {
  return new Set(records.flatMap((record) => Object.values(record.outputs).map(({ digest }) => digest)));
}
