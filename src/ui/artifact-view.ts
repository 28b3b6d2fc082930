import { statSync } from 'node:fs';
import { openArtifact } from '../artifact/reader.ts';
import { type ColumnDescription, openTableView, type TableView } from '../artifact/table-view.ts';
import { failure } from '../errors/failure.ts';
import { isDigest } from '../store/layout.ts';
import type { Store } from '../store/store.ts';
import { err, ok, type Result } from '../util/result.ts';

/** An artifact for people. */
export interface ArtifactView {
  readonly digest: string;
  readonly type: string;
  /** Bytes of its file. */
  readonly size: number;
  readonly rows: number;
  readonly columns: readonly ColumnDescription[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Of a blob: the files in it. */
  readonly files?: readonly { readonly name: string; readonly mediaType: string; readonly size: number }[];
}

/** A file inside a blob. */
export interface InnerFile {
  readonly name: string;
  readonly mediaType: string;
  readonly content: Uint8Array;
}

/** The path of an artifact by its digest, whole as its digest says. Errors: no digest, not there, damaged. */
export function artifactPath(store: Store, digest: string): Result<string> {
  const gone = failure('artifact-gone', 'this artifact is not in the store', {
    hint: 'run the pipeline again: what is not there is made',
  });
  if (!isDigest(digest)) return err(gone);
  const path = store.layout.blob(digest);
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  return size !== undefined && store.isWhole({ digest, size }) ? ok(path) : err(gone);
}

/** Opens an artifact's table. */
export function openView(store: Store, digest: string): Result<TableView> {
  const path = artifactPath(store, digest);
  return path.ok ? openTableView(path.value) : path;
}

/** What an artifact is: type, columns, metadata. */
export function artifactView(store: Store, digest: string): Result<ArtifactView> {
  const path = artifactPath(store, digest);
  if (!path.ok) return path;
  const table = openTableView(path.value);
  if (!table.ok) return table;
  const { rows, columns, metadata } = table.value;
  const type = metadata['type'] ?? 'table';
  const inner = type === 'blob' ? innerFiles(store, digest) : undefined;
  if (inner?.ok === false) return inner;
  const files = inner?.value.map(({ name, mediaType, content }) => ({ name, mediaType, size: content.byteLength }));
  const { size } = statSync(path.value);
  return ok({ digest, type, size, rows, columns, metadata, ...(files === undefined ? {} : { files }) });
}

/** The files of a blob. */
export function innerFiles(store: Store, digest: string): Result<InnerFile[]> {
  const path = artifactPath(store, digest);
  if (!path.ok) return path;
  const artifact = openArtifact(path.value);
  if (!artifact.ok) return artifact;
  if (!['name', 'media_type', 'content'].every((column) => artifact.value.has(column)))
    return err(failure('artifact-kind', 'this artifact has no files in it'));
  const types = artifact.value.texts('media_type');
  const contents = artifact.value.binaries('content');
  return ok(
    artifact.value.texts('name').map((name, index) => ({
      name: name ?? '',
      mediaType: types[index] ?? 'application/octet-stream',
      content: contents[index] ?? new Uint8Array(),
    })),
  );
}

/** Values of pictures that one answer has at most: large ones come a few at a time. */
const mostPictureBytes = 32 * 2 ** 20;

/** Pictures of a tensor column, one after the other. */
export interface Pictures {
  readonly height: number;
  readonly width: number;
  /** Bytes of a pixel: 1 is grey, 3 is red, green and blue. */
  readonly channels: number;
  readonly count: number;
  /** count * height * width * channels values from 0 to 255. */
  readonly pixels: Uint8Array;
}

/**
 * Rows of a tensor column as pictures: [height, width] or [height, width, 1 or 3]. Values that are shares of one are stretched,
 * as far as the largest of the asked rows goes. Errors: no such column, or no pictures.
 */
export function picturesOf(
  store: Store,
  digest: string,
  column: string,
  from: number,
  count: number,
): Result<Pictures> {
  const path = artifactPath(store, digest);
  if (!path.ok) return path;
  const artifact = openArtifact(path.value);
  if (!artifact.ok) return artifact;
  const described = openTableView(path.value);
  const shape = described.ok ? described.value.columns.find(({ name }) => name === column)?.shape : undefined;
  const [height, width, channels = 1] = shape ?? [];
  if (height === undefined || width === undefined || !(channels === 1 || channels === 3) || (shape?.length ?? 0) > 3)
    return err(failure('artifact-kind', `"${column}" holds no pictures`));
  const tensor = artifact.value.tensor(column);
  const first = Math.max(0, Math.min(from, tensor.rows));
  const most = Math.floor(mostPictureBytes / (height * width * channels));
  const length = Math.max(0, Math.min(count, most, tensor.rows - first));
  const rows = Array.from({ length }, (_, index) => first + index);
  const values = tensor.gather(rows);
  return ok({ height, width, channels, count: rows.length, pixels: bytesOf(values) });
}

function bytesOf(values: Uint8Array | Float32Array): Uint8Array {
  if (values instanceof Uint8Array) return values;
  const factor = values.every((value) => value <= 1) ? 255 : 1;
  return Uint8Array.from(values, (value) => Math.max(0, Math.min(255, Math.round(value * factor))));
}
