import { readFileSync, rmSync, statSync } from 'node:fs';
import { type Failure, failure } from '../errors/failure.ts';
import { systemFailure } from '../errors/system.ts';
import { fingerprintOf } from '../fingerprint/fingerprint.ts';
import { hashFile } from '../store/hash-file.ts';
import { isDigest } from '../store/layout.ts';
import { type JobRecord, parseRecord } from '../store/record.ts';
import type { Store } from '../store/store.ts';
import { err, ok, type Result } from '../util/result.ts';
import type { Remote } from './remote.ts';

/** A record that came, and how many bytes of artifacts with it. */
export interface Fetched {
  readonly record: JobRecord;
  readonly bytes: number;
}

/**
 * Gets a job's record and its artifacts from a remote into the store. Nothing that the remote says is believed: the record must
 * be that of the fingerprint, each artifact must have its digest, and neither names a path. Undefined where the remote lacks any of it.
 */
export async function fetchRecord(
  store: Store,
  remote: Remote,
  fingerprint: string,
): Promise<Result<Fetched | undefined>> {
  const text = await remote.getRecord(fingerprint);
  if (!text.ok) return text;
  if (text.value === undefined) return ok(undefined);
  const parsed = parseRecord(text.value, fingerprint);
  if (parsed === undefined || !isOf(parsed, fingerprint))
    return err(
      failure('remote-damaged', `${remote.name} has a record of ${fingerprint.slice(0, 12)} that is not of this job`),
    );
  const { evicted: _, ...record } = parsed;
  let bytes = 0;
  for (const output of Object.values(record.outputs)) {
    // A wrong size on the remote's word must not make a good artifact here look damaged.
    const here = sizeHere(store, output.digest);
    if (here !== undefined && here !== output.size && store.isWhole({ digest: output.digest, size: here }))
      return err(misfit(remote, record));
    if (store.isWhole(output)) continue;
    const got = await fetchBlob(store, remote, { digest: output.digest, limit: output.size }, (file) =>
      store.publishBlob(file, output.digest),
    );
    if (!got.ok) return got;
    if (!got.value) return ok(undefined);
    if (!store.isWhole(output)) return err(misfit(remote, record));
    bytes += output.size;
  }
  const { code } = record.tree;
  if (isDigest(code) && store.readClosure(code) === undefined) {
    // Only needed to explain later changes: a remote that lacks it is good all the same.
    const got = await fetchBlob(store, remote, { digest: code, limit: largestClosure }, (file) =>
      store.publishClosure(readFileSync(file, 'utf8'), code),
    );
    if (!got.ok) return got;
  }
  const kept = store.publishFirstRecord(record);
  return kept.ok ? ok({ record: kept.value, bytes }) : kept;
}

/** Gets artifacts that the store lacks, by digest and size; those that the remote lacks too. */
export async function fetchArtifacts(
  store: Store,
  remote: Remote,
  artifacts: Iterable<{ readonly digest: string; readonly size: number }>,
): Promise<Result<string[]>> {
  const missing: string[] = [];
  for (const { digest, size } of artifacts) {
    if (store.isWhole({ digest, size })) continue;
    const got = await fetchBlob(store, remote, { digest, limit: size }, (file) => store.publishBlob(file, digest));
    if (!got.ok) return got;
    if (!got.value) missing.push(digest);
  }
  return ok(missing);
}

/** Bytes that the text of a code closure has at most; theirs are some ten thousand. */
const largestClosure = 64 * 1024 * 1024;

function sizeHere(store: Store, digest: string): number | undefined {
  return statSync(store.layout.blob(digest), { throwIfNoEntry: false })?.size;
}

function misfit(remote: Remote, record: JobRecord): Failure {
  return failure('remote-damaged', `${remote.name} has a record of ${record.job} that does not fit its artifacts`);
}

/** The fingerprint is taken again of what the record says that it is of. */
function isOf(record: JobRecord, fingerprint: string): boolean {
  try {
    return fingerprintOf(record.tree) === fingerprint;
  } catch {
    return false;
  }
}

async function fetchBlob(
  store: Store,
  remote: Remote,
  { digest, limit }: { readonly digest: string; readonly limit: number },
  publish: (file: string) => Result<void>,
): Promise<Result<boolean>> {
  const file = store.leases.temporaryName('pull');
  try {
    const got = await remote.getBlob(digest, file, limit);
    if (!got.ok || !got.value) return got;
    const came = hashFile(file).digest;
    if (came !== digest) {
      const message = `${remote.name} sent something else for ${digest.slice(0, 12)} (its digest is ${came.slice(0, 12)})`;
      return err(
        failure('remote-damaged', message, {
          hint: 'nothing of it was kept; the remote, or what is on the way to it, is damaged',
        }),
      );
    }
    const published = publish(file);
    return published.ok ? ok(true) : published;
  } catch (problem) {
    return err(systemFailure('cannot keep what the remote sent', problem));
  } finally {
    rmSync(file, { force: true });
  }
}
