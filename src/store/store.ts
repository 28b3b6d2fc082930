import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { systemFailure } from '../errors/system.ts';
import { err, ok, type Result } from '../util/result.ts';
import { ulid } from '../util/ulid.ts';
import { createFile, makeFolder, publish, replaceFile, syncFolder } from './durable.ts';
import { type HashMemo, openHashMemo } from './hash-memo.ts';
import { type StoreLayout, storeLayout } from './layout.ts';
import { type Leases, openLeases } from './leases.ts';
import { type JobRecord, parseRecord, type StoredOutput } from './record.ts';

/** Why a record or a blob could not be used; told to the user, since something touched the store from outside. */
export type OnDamage = (what: string) => void;

/** A content-addressed store of artifacts and records. See docs/ARCHITECTURE.md for what it promises. */
export interface Store {
  readonly layout: StoreLayout;
  readonly hashes: HashMemo;
  readonly leases: Leases;
  /**
   * The record of a finished job, if all its outputs are there and whole; or a record marked `evicted`, whose outputs
   * were removed to save space.
   */
  find(fingerprint: string): JobRecord | undefined;
  /** A record as it stands, whether its outputs are there or not. */
  readRecord(fingerprint: string): JobRecord | undefined;
  /** Whether an output's blob is there and whole; a damaged one is moved to quarantine. */
  isWhole(output: Pick<StoredOutput, 'digest' | 'size'>): boolean;
  /** Moves a damaged file of the store to quarantine, and says so. */
  setAside(path: string, what: string): void;
  /** A fresh folder inside the store for a job's half-done outputs. */
  workFolder(): Result<string>;
  /** Moves a written and synced file to its place among the blobs. */
  publishBlob(file: string, digest: string): Result<void>;
  /** Keeps the text of a code closure under its digest, for whoever asks later what changed. */
  publishClosure(text: string, digest: string): Result<void>;
  /** Writes a record, also over one that is there; its outputs must have been published before. */
  publishRecord(record: JobRecord): Result<JobRecord>;
  /**
   * Writes a record unless one whose outputs are there was written before, which is given back then: of two processes
   * that made the same job, one wins for good, and everybody goes on from the same artifacts.
   */
  publishFirstRecord(record: JobRecord): Result<JobRecord>;
  /** The text of a code closure; undefined where it is not kept. */
  readClosure(digest: string): string | undefined;
  /** Removes the checkpoint of a job that is done. */
  removeCheckpoint(fingerprint: string): void;
  close(): void;
}

/** A record that was used is touched at most this often: its time of change tells the garbage collector when it was used last. */
const touchEvery = 24 * 60 * 60 * 1000;

/** Opens a store, making its folders. `ofRun` is the run that this process makes; a process that only reads has none. An unwritable place is a failure. */
export function openStore(root: string, onDamage: OnDamage, ofRun?: string): Result<Store> {
  const run = ofRun ?? ulid();
  const layout = storeLayout(root);
  try {
    for (const folder of [
      layout.runs,
      layout.temporary,
      layout.quarantine,
      layout.memo,
      layout.checkpoints,
      layout.records,
      layout.blobs,
      layout.closures,
      layout.owners,
      layout.pins,
    ])
      makeFolder(folder);
    rmSync(mkdtempSync(join(layout.temporary, `probe-${run}-`)), { recursive: true });
  } catch (problem) {
    return err(
      systemFailure(
        `the store ${root} cannot be used`,
        problem,
        'choose another place with --store FOLDER or PIPE_STORE',
      ),
    );
  }
  const leases = openLeases(layout, { run });
  leases.buryDead();
  // Before its first job is looked up a run may hash large files for minutes: others must see that it lives.
  if (ofRun !== undefined) leases.announce();
  const hashes = openHashMemo(layout, () => leases.temporaryName('file'));
  const guarded = (doing: string, action: () => void): Result<void> => {
    try {
      action();
      return ok();
    } catch (problem) {
      return err(systemFailure(doing, problem, 'free some space, or choose another store with --store'));
    }
  };
  const readRecord = (fingerprint: string): JobRecord | undefined => {
    const path = layout.record(fingerprint);
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch {
      return undefined;
    }
    const record = parseRecord(text, fingerprint);
    if (record === undefined) quarantine(layout, path, onDamage, 'a damaged record');
    return record;
  };
  const isWhole = (output: Pick<StoredOutput, 'digest' | 'size'>): boolean =>
    blobIsWhole(layout, hashes, output, onDamage);
  const find = (fingerprint: string): JobRecord | undefined => {
    const record = readRecord(fingerprint);
    if (record === undefined) return undefined;
    const whole = Object.values(record.outputs).map(isWhole).every(Boolean);
    if (!whole) return record.evicted === true ? record : undefined;
    touch(layout.record(fingerprint));
    const { evicted: _, ...there } = record;
    return there;
  };
  return ok({
    layout,
    hashes,
    leases,
    readRecord,
    isWhole,
    setAside: (path, what) => quarantine(layout, path, onDamage, what),
    find,
    workFolder: () => {
      try {
        const folder = leases.temporaryName('job');
        mkdirSync(folder);
        return ok(folder);
      } catch (problem) {
        return err(systemFailure('cannot make a folder in the store', problem));
      }
    },
    publishBlob: (file, digest) =>
      guarded('cannot publish an artifact', () => {
        const blob = layout.blob(digest);
        makeFolder(layout.blobFolder(digest));
        chmodSync(file, 0o444);
        // What is there stays: the same digest is the same content. A damaged blob has been moved away by `find`.
        if (!existsSync(blob)) publish(file, blob);
        hashes.note(blob, digest);
      }),
    publishClosure: (text, digest) =>
      guarded('cannot publish a code closure', () => {
        if (existsSync(layout.closure(digest))) return;
        makeFolder(layout.closureFolder(digest));
        replaceFile(layout.closure(digest), text, leases.temporaryName('file'));
      }),
    publishRecord: (record) => {
      const done = guarded('cannot publish a record', () => {
        makeFolder(layout.recordFolder(record.fingerprint));
        replaceFile(layout.record(record.fingerprint), JSON.stringify(record), leases.temporaryName('file'));
      });
      return done.ok ? ok(record) : done;
    },
    publishFirstRecord: (record) => {
      let kept = record;
      const path = layout.record(record.fingerprint);
      const done = guarded('cannot publish a record', () => {
        makeFolder(layout.recordFolder(record.fingerprint));
        const temporary = leases.temporaryName('file');
        if (createFile(path, JSON.stringify(record), temporary)) return;
        // One whose artifacts were removed or are damaged is no result any more.
        const first = find(record.fingerprint);
        if (first !== undefined && first.evicted !== true) kept = first;
        else replaceFile(path, JSON.stringify(record), temporary);
      });
      return done.ok ? ok(kept) : done;
    },
    readClosure: (digest) => {
      try {
        return readFileSync(layout.closure(digest), 'utf8');
      } catch {
        return undefined;
      }
    },
    removeCheckpoint: (fingerprint) => {
      if (existsSync(layout.checkpoint(fingerprint))) rmSync(layout.checkpoint(fingerprint), { force: true });
    },
    close: () => {
      try {
        hashes.save();
        leases.close();
      } catch {
        // Only memory aids: without them the next run hashes again, and finds that this process is gone.
      }
    },
  });
}

function touch(path: string): void {
  try {
    const now = Date.now();
    if (now - statSync(path).mtimeMs > touchEvery) utimesSync(path, now / 1000, now / 1000);
  } catch {
    // A store that may only be read serves all the same; eviction then goes by when records were written.
  }
}

function blobIsWhole(
  layout: StoreLayout,
  hashes: HashMemo,
  output: { digest: string; size: number },
  onDamage: OnDamage,
): boolean {
  const path = layout.blob(output.digest);
  try {
    if (statSync(path).size === output.size && hashes.digest(path) === output.digest) return true;
  } catch {
    return false;
  }
  quarantine(layout, path, onDamage, 'a damaged artifact');
  return false;
}

function quarantine(layout: StoreLayout, path: string, onDamage: OnDamage, what: string): void {
  const place = join(layout.quarantine, `${basename(path)}.${Date.now()}`);
  try {
    renameSync(path, place);
    syncFolder(layout.quarantine);
    onDamage(`${what} was moved to ${place}; it is computed again`);
  } catch {
    onDamage(`${what} cannot be moved away: ${path}`);
  }
}
