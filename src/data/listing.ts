import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { failure } from '../errors/failure.ts';
import { systemFailure } from '../errors/system.ts';
import { err, ok, type Result } from '../util/result.ts';
import type { Listing } from './dataset-format.ts';

/** Levels of folders below the one that is searched: archives unpack to `gzip/`, torchvision keeps `EMNIST/raw/`. */
const depth = 2;
const mostFolders = 2000;

/** Names in one folder, sorted by code unit, so that every machine finds the same; links are followed. */
export function listFolder(folder: string): Listing {
  const files: string[] = [];
  const folders: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const kind = entry.isSymbolicLink() ? statSync(join(folder, entry.name), { throwIfNoEntry: false }) : entry;
    if (kind?.isFile()) files.push(entry.name);
    if (kind?.isDirectory() && !entry.name.startsWith('.')) folders.push(entry.name);
  }
  return { folder, files: files.sort(), folders: folders.sort() };
}

/**
 * The folders to search: the path itself, then those in it, level by level. A path of a file gives its folder with
 * the file marked. Errors: those of the disk, and more folders than can be meant.
 */
export function listingsOf(path: string): Result<readonly Listing[]> {
  try {
    if (!statSync(path).isDirectory()) return ok([{ ...listFolder(dirname(path)), only: basename(path) }]);
    const listings = [listFolder(path)];
    let level: readonly Listing[] = listings;
    for (let below = 0; below < depth; below++) {
      const next: Listing[] = [];
      for (const { folder, folders } of level) {
        for (const name of folders) {
          if (listings.length + next.length >= mostFolders) return err(tooMany(path));
          next.push(listFolder(join(folder, name)));
        }
      }
      listings.push(...next);
      level = next;
    }
    return ok(listings);
  } catch (problem) {
    return err(systemFailure(`cannot look for data in ${basename(path)}`, problem));
  }
}

function tooMany(path: string) {
  return failure('dataset-folders', `${basename(path)} has more than ${mostFolders} folders to search`, {
    hint: 'name the folder that holds the data set itself',
  });
}
