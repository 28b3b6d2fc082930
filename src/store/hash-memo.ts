import { readFileSync, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from './durable.ts';
import { fileStamp, type HashedFile, hashFile, hashFileAsync } from './hash-file.ts';
import type { StoreLayout } from './layout.ts';

/** A folder of images has thousands of files: read one after the other they would wait for the disk, all at once for memory. */
const filesAtOnce = 16;

/** What the memo holds at most; the oldest go first. A million entries would take longer to read than to hash the files. */
const mostEntries = 200_000;

/**
 * A file that changed this short before it was hashed, in milliseconds, is not remembered: times of a file system are
 * coarse (some milliseconds; two seconds on FAT), so that a second change in the same instant would not show.
 */
const tooYoung = 2500;

/** Digests of files, kept between runs by device, inode, size, mtime and ctime, and trusted while these are unchanged. */
export interface HashMemo {
  /** SHA-256 of a file; throws the system's error when it cannot be read. */
  digest(path: string): string;
  /** SHA-256 of many files by name, some read at a time; rejects with the system's error of the first that cannot be read. */
  digestAll(files: Readonly<Record<string, string>>): Promise<Record<string, string>>;
  /** Takes note of a file whose digest is known because it was just written. */
  note(path: string, digest: string): void;
  /** Writes the memo out, if it changed. */
  save(): void;
}

/** Reads a JSON file that may be missing or damaged: it is only a memory aid. */
export function readMemo<Content extends object>(path: string): Content {
  try {
    const content = JSON.parse(readFileSync(path, 'utf8')) as Content | null;
    return typeof content === 'object' && content !== null ? content : ({} as Content);
  } catch {
    return {} as Content;
  }
}

/** Opens the memo of a store. `temporary` names free files on the store's disk. */
export function openHashMemo(layout: StoreLayout, temporary: () => string): HashMemo {
  const file = join(layout.memo, 'digests.json');
  const known = new Map(Object.entries(readMemo<Record<string, string>>(file)));
  let changed = false;
  const keep = ({ digest, stamp, changed: at }: HashedFile): string => {
    if (Date.now() - at > tooYoung) {
      known.set(stamp, digest);
      changed = true;
    }
    return digest;
  };
  return {
    digest: (path) => known.get(fileStamp(statSync(path, { bigint: true }))) ?? keep(hashFile(path)),
    digestAll: async (files) => {
      const hash = async ([name, path]: readonly [string, string]): Promise<[string, string]> => {
        const remembered = known.get(fileStamp(await stat(path, { bigint: true })));
        return [name, remembered ?? keep(await hashFileAsync(path))];
      };
      const entries = Object.entries(files);
      if (entries.length <= filesAtOnce) return Object.fromEntries(await Promise.all(entries.map(hash)));
      const { default: PQueue } = await import('p-queue');
      const queue = new PQueue({ concurrency: filesAtOnce });
      return Object.fromEntries(await queue.addAll(entries.map((entry) => () => hash(entry))));
    },
    note: (path, digest) => {
      known.set(fileStamp(statSync(path, { bigint: true })), digest);
      changed = true;
    },
    save: () => {
      if (changed) replaceFile(file, JSON.stringify(Object.fromEntries([...known].slice(-mostEntries))), temporary());
      changed = false;
    },
  };
}
