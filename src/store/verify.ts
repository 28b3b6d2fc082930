import { fingerprintOf } from '../fingerprint/fingerprint.ts';
import { type StoredFile, storedBlobs, storedClosures, storedRecords } from './contents.ts';
import { hashFile } from './hash-file.ts';
import type { Store } from './store.ts';

/** What `verify` found. */
export interface Verification {
  readonly blobs: number;
  readonly bytes: number;
  readonly records: number;
  /** Each with its path: damaged ones were moved to quarantine. */
  readonly damaged: readonly string[];
  /** Records that name blobs which are not there, though nobody evicted them: they count as not done. */
  readonly missing: readonly string[];
}

/**
 * Reads blobs again and compares them with their names, and records with their fingerprints. `choose` says which blobs
 * are read; records are small and all read. The hash memo is not trusted: the bytes on the disk are what counts.
 */
export function verifyStore(
  store: Store,
  choose: (blobs: readonly StoredFile[]) => readonly StoredFile[],
  onDamage: (what: string) => void,
): Verification {
  const blobs = choose(storedBlobs(store.layout));
  const damaged: string[] = [];
  for (const blob of blobs) {
    const { digest } = hashFile(blob.path);
    if (digest === blob.name) continue;
    damaged.push(blob.path);
    store.setAside(blob.path, 'a damaged artifact');
  }
  for (const closure of storedClosures(store.layout)) {
    if (hashFile(closure.path).digest === closure.name) continue;
    damaged.push(closure.path);
    store.setAside(closure.path, 'a damaged code closure');
  }
  const records = storedRecords(store.layout);
  const missing: string[] = [];
  for (const file of records) {
    const record = store.readRecord(file.name);
    if (record === undefined || fingerprintOf(record.tree) !== file.name) {
      damaged.push(file.path);
      if (record !== undefined) store.setAside(file.path, 'a damaged record');
      continue;
    }
    const there = Object.values(record.outputs).every((output) => store.isWhole(output));
    if (!there && record.evicted !== true) missing.push(record.job);
  }
  for (const path of damaged) onDamage(path);
  return {
    blobs: blobs.length,
    bytes: blobs.reduce((sum, { size }) => sum + size, 0),
    records: records.length,
    damaged,
    missing,
  };
}
