import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from './durable.ts';
import { fileStamp, hashFile } from './hash-file.ts';
import type { StoreLayout } from './layout.ts';

/** Digests of files by path, kept between runs and trusted while the file's stamp is unchanged. */
export interface HashMemo {
  /** SHA-256 of a file; throws the system's error when it cannot be read. */
  digest(path: string): string;
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
