import { failure } from '../errors/failure.ts';
import { err, type Result } from '../util/result.ts';

/** A file by its content: SHA-256 (hexadecimal) and bytes. */
export interface BlobName {
  readonly digest: string;
  readonly size: number;
}

/** A place that stores share results by. Blobs are named by their content, records by their fingerprint. */
export interface Remote {
  /** As people know it, without credentials. */
  readonly name: string;
  /** The text of a record; undefined where the remote has none. */
  getRecord(fingerprint: string): Promise<Result<string | undefined>>;
  /** Writes a record; `blobs`, by their role in it, must be there before. */
  putRecord(fingerprint: string, text: string, blobs: Readonly<Record<string, BlobName>>): Promise<Result<void>>;
  hasBlob(blob: BlobName): Promise<Result<boolean>>;
  /** Writes a blob of at most `limit` bytes into a new file; false where the remote lacks it. Whoever calls checks what came. */
  getBlob(digest: string, file: string, limit: number): Promise<Result<boolean>>;
  putBlob(blob: BlobName, file: string): Promise<Result<void>>;
}

export interface RemoteSettings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Milliseconds without a byte after which a server is given up. */
  readonly patience?: number;
  /** Milliseconds before the second try; four times as long before the third. */
  readonly pause?: number;
}

/**
 * Opens a remote by its address: a folder (`/mnt/team/pipe`, `file:///…`), `s3://bucket/prefix` (S3 or what speaks like it,
 * with `AWS_ENDPOINT_URL`), or `http://host:port` (Bazel's HTTP cache protocol, as bazel-remote speaks it).
 */
export async function openRemote(address: string, settings: RemoteSettings): Promise<Result<Remote>> {
  if (/^https?:\/\//.test(address)) return (await import('./bazel-remote.ts')).openBazelRemote(address, settings);
  if (address.startsWith('s3://')) return (await import('./s3-remote.ts')).openS3Remote(address, settings);
  if (address.startsWith('file://') || !/^[a-z][a-z0-9+.-]+:\/\//i.test(address))
    return (await import('./folder-remote.ts')).openFolderRemote(address);
  const hint = "give a folder, s3://bucket/prefix, or the http:// address of a cache that speaks Bazel's protocol";
  return err(
    failure('remote-address', `"${address.replace(/\/\/[^/@]*@/, '//')}" is no remote that pipe knows`, { hint }),
  );
}
