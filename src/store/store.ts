import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { systemFailure } from '../errors/system.ts';
import { err, ok, type Result } from '../util/result.ts';
import { makeFolder, publish, replaceFile, syncFolder } from './durable.ts';
import { type HashMemo, openHashMemo } from './hash-memo.ts';
import { type StoreLayout, storeLayout } from './layout.ts';
import { type JobRecord, parseRecord } from './record.ts';

/** Why a record or a blob could not be used; told to the user, since something touched the store from outside. */
export type OnDamage = (what: string) => void;

/** A content-addressed store of artifacts and records. See docs/ARCHITECTURE.md for what it promises. */
export interface Store {
  readonly layout: StoreLayout;
  readonly hashes: HashMemo;
  /** The record of a finished job, if all its outputs are there and whole. */
  find(fingerprint: string): JobRecord | undefined;
  /** A fresh folder inside the store for a job's half-done outputs. */
  workFolder(): Result<string>;
  /** Moves a written and synced file to its place among the blobs. */
  publishBlob(file: string, digest: string): Result<void>;
  /** Writes a record; its outputs must have been published before. */
  publishRecord(record: JobRecord): Result<void>;
  remove(workFolder: string): void;
  /** Removes the checkpoint of a job that is done. */
  removeCheckpoint(fingerprint: string): void;
  close(): void;
}

/** Opens a store, making its folders. An unwritable place is a failure. */
export function openStore(root: string, onDamage: OnDamage): Result<Store> {
  const layout = storeLayout(root);
  try {
    for (const folder of [
      layout.runs,
      layout.temporary,
      layout.quarantine,
      layout.memo,
      join(root, 'checkpoints'),
      join(root, 'records'),
      join(root, 'cas', 'sha256'),
    ])
      makeFolder(folder);
    rmSync(mkdtempSync(join(layout.temporary, 'probe-')), { recursive: true });
  } catch (problem) {
    return err(
      systemFailure(
        `the store ${root} cannot be used`,
        problem,
        'choose another place with --store FOLDER or PIPE_STORE',
      ),
    );
  }
  removeLeftovers(layout);
  const hashes = openHashMemo(layout);
  const guarded = (doing: string, action: () => void): Result<void> => {
    try {
      action();
      return ok();
    } catch (problem) {
      return err(systemFailure(doing, problem, 'free some space, or choose another store with --store'));
    }
  };
  return ok({
    layout,
    hashes,
    find: (fingerprint) => findRecord(layout, hashes, fingerprint, onDamage),
    workFolder: () => {
      try {
        return ok(mkdtempSync(join(layout.temporary, `job-${hostname()}-${process.pid}-`)));
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
    publishRecord: (record) =>
      guarded('cannot publish a record', () => {
        makeFolder(layout.recordFolder(record.fingerprint));
        replaceFile(layout.record(record.fingerprint), JSON.stringify(record), layout.temporary);
      }),
    remove: (folder) => rmSync(folder, { recursive: true, force: true }),
    removeCheckpoint: (fingerprint) => rmSync(layout.checkpoint(fingerprint), { force: true }),
    close: () => {
      try {
        hashes.save();
      } catch {
        // Only a memory aid: without it the next run hashes again.
      }
    },
  });
}

function findRecord(
  layout: StoreLayout,
  hashes: HashMemo,
  fingerprint: string,
  onDamage: OnDamage,
): JobRecord | undefined {
  const path = layout.record(fingerprint);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  const record = parseRecord(text, fingerprint);
  if (record === undefined) {
    quarantine(layout, path, onDamage, 'a damaged record');
    return undefined;
  }
  const whole = Object.values(record.outputs).map((output) => isWhole(layout, hashes, output, onDamage));
  return whole.every(Boolean) ? record : undefined;
}

function isWhole(
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

/** Half-done outputs and files of processes that are gone. Those of living processes and of other hosts are left alone. */
function removeLeftovers(layout: StoreLayout): void {
  for (const name of readdirSync(layout.temporary)) {
    const [, host, owner] = /^(?:job|file)-(.+)-(\d+)-[^-]*$/.exec(name) ?? [];
    if (host !== hostname() || isAlive(Number(owner))) continue;
    rmSync(join(layout.temporary, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (problem) {
    return (problem as { code?: string }).code === 'EPERM';
  }
}
