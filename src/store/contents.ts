import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isDigest, type StoreLayout } from './layout.ts';

/** A file of the store. `changed`: its last change in milliseconds since the epoch. */
export interface StoredFile {
  readonly name: string;
  readonly path: string;
  readonly size: number;
  readonly changed: number;
}

function filesIn(folder: string): StoredFile[] {
  return listed(folder).flatMap((name) => {
    const path = join(folder, name);
    try {
      const { size, mtimeMs } = statSync(path);
      return [{ name, path, size, changed: mtimeMs }];
    } catch {
      // Gone since the folder was read: another process removed it.
      return [];
    }
  });
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function sharded(folder: string): StoredFile[] {
  return listed(folder).flatMap((shard) => filesIn(join(folder, shard)).filter(({ name }) => isDigest(name)));
}

/** All blobs of a store. */
export function storedBlobs(layout: StoreLayout): StoredFile[] {
  return sharded(layout.blobs);
}

/** All records of a store; `changed` is when each was used last (to a day) or written. */
export function storedRecords(layout: StoreLayout): StoredFile[] {
  return sharded(layout.records);
}

/** All code closures of a store. */
export function storedClosures(layout: StoreLayout): StoredFile[] {
  return sharded(layout.closures);
}

/** All checkpoints of a store. */
export function storedCheckpoints(layout: StoreLayout): StoredFile[] {
  return filesIn(layout.checkpoints).filter(({ name }) => isDigest(name));
}

/** What was set aside as damaged. */
export function quarantined(layout: StoreLayout): StoredFile[] {
  return filesIn(layout.quarantine);
}
