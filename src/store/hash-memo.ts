import { readFileSync, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from './durable.ts';
import { fileStamp, hashFile, hashFileAsync } from './hash-file.ts';
import type { StoreLayout } from './layout.ts';

/** A folder of images has thousands of files: read one after the other they would wait for the disk, all at once for memory. */
const filesAtOnce = 16;

/** Digests of files by path, kept between runs and trusted while the file's stamp is unchanged. */
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

/** Opens the memo of a store. */
export function openHashMemo(layout: StoreLayout): HashMemo {
  const file = join(layout.memo, 'digests.json');
  const known = new Map(Object.entries(readMemo<Record<string, { stamp: string; digest: string }>>(file)));
  let changed = false;
  return {
    digest: (path) => {
      const stamp = fileStamp(statSync(path));
      const remembered = known.get(path);
      if (remembered?.stamp === stamp) return remembered.digest;
      const hashed = hashFile(path);
      known.set(path, { stamp: hashed.stamp, digest: hashed.digest });
      changed = true;
      return hashed.digest;
    },
    digestAll: async (files) => {
      const { default: PQueue } = await import('p-queue');
      const queue = new PQueue({ concurrency: filesAtOnce });
      const hash = async ([name, path]: readonly [string, string]): Promise<[string, string]> => {
        const stamp = fileStamp(await stat(path));
        const remembered = known.get(path);
        if (remembered?.stamp === stamp) return [name, remembered.digest];
        const hashed = await hashFileAsync(path);
        known.set(path, hashed);
        changed = true;
        return [name, hashed.digest];
      };
      const pairs = await queue.addAll(Object.entries(files).map((entry) => () => hash(entry)));
      return Object.fromEntries(pairs);
    },
    note: (path, digest) => {
      known.set(path, { stamp: fileStamp(statSync(path)), digest });
      changed = true;
    },
    save: () => {
      if (changed) replaceFile(file, JSON.stringify(Object.fromEntries(known)), layout.temporary);
      changed = false;
    },
  };
}
