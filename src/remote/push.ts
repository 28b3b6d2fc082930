import { statSync } from 'node:fs';
import { type Failure, failure } from '../errors/failure.ts';
import type { Store } from '../store/store.ts';
import { err, ok, type Result } from '../util/result.ts';
import type { BlobName, Remote } from './remote.ts';

/** What was sent. */
export interface Pushed {
  readonly records: number;
  readonly blobs: number;
  readonly bytes: number;
  /** Records whose artifacts are not in the store any more. */
  readonly skipped: number;
}

/** Transfers at a time: enough to hide the way there and back, few enough for a small server. */
const atOnce = 4;

/**
 * Sends records with their artifacts and code closures, those that the remote lacks; each record after what it names. The first
 * failure ends it; what was sent is whole.
 */
export async function pushRecords(
  store: Store,
  remote: Remote,
  fingerprints: Iterable<string>,
  onRecord: (done: number) => void = () => {},
): Promise<Result<Pushed>> {
  const { default: PQueue } = await import('p-queue');
  const queue = new PQueue({ concurrency: atOnce });
  const sent = { records: 0, blobs: 0, bytes: 0, skipped: 0 };
  const under = new Map<string, Promise<Result<void>>>();
  let failed: Failure | undefined;
  const sendBlob = async (blob: BlobName, file: string): Promise<Result<void>> => {
    const there = await remote.hasBlob(blob);
    if (!there.ok) return there;
    if (there.value) return ok();
    const put = await remote.putBlob(blob, file);
    if (put.ok) {
      sent.blobs++;
      sent.bytes += blob.size;
    }
    return put;
  };
  /** Two records may share an artifact: it is sent once. */
  const sendOnce = (blob: BlobName, file: string): Promise<Result<void>> => {
    const running = under.get(blob.digest) ?? sendBlob(blob, file);
    under.set(blob.digest, running);
    return running;
  };
  const sendRecord = async (fingerprint: string): Promise<Result<void>> => {
    const record = store.find(fingerprint);
    if (record === undefined || record.evicted === true) {
      sent.skipped++;
      return ok();
    }
    const blobs: Record<string, BlobName> = {};
    for (const [slot, { digest, size }] of Object.entries(record.outputs)) {
      blobs[slot] = { digest, size };
      const done = await sendOnce(blobs[slot], store.layout.blob(digest));
      if (!done.ok) return done;
    }
    const code = closureOf(store, record.tree.code);
    if (code !== undefined) {
      const done = await sendOnce(code, store.layout.closure(code.digest));
      if (!done.ok) return done;
      blobs['closure.json'] = code;
    }
    const put = await remote.putRecord(fingerprint, JSON.stringify(record), blobs);
    if (put.ok) sent.records++;
    return put;
  };
  const step = async (fingerprint: string): Promise<void> => {
    if (failed !== undefined) return;
    const done = await sendRecord(fingerprint);
    if (done.ok) onRecord(sent.records + sent.skipped);
    else failed ??= done.error;
  };
  await queue.addAll([...fingerprints].map((fingerprint) => () => step(fingerprint)));
  return failed === undefined ? ok(sent) : err(failed);
}

/** Sends artifacts of the store that the remote lacks, by digest; their sizes. Errors: one is not in the store. */
export async function pushArtifacts(
  store: Store,
  remote: Remote,
  digests: Iterable<string>,
): Promise<Result<Record<string, number>>> {
  const sizes: Record<string, number> = {};
  for (const digest of digests) {
    const file = store.layout.blob(digest);
    const size = statSync(file, { throwIfNoEntry: false })?.size;
    if (size === undefined)
      return err(failure('artifact-missing', `the store has no artifact ${digest.slice(0, 12)} any more`));
    sizes[digest] = size;
    const there = await remote.hasBlob({ digest, size });
    if (!there.ok) return there;
    const put = there.value ? ok() : await remote.putBlob({ digest, size }, file);
    if (!put.ok) return put;
  }
  return ok(sizes);
}

function closureOf(store: Store, digest: string): BlobName | undefined {
  try {
    return { digest, size: statSync(store.layout.closure(digest)).size };
  } catch {
    return undefined;
  }
}
