import { failure } from '../errors/failure.ts';
import type { JsonObject } from '../util/json.ts';
import { err, ok, type Result } from '../util/result.ts';
import type { Dataset } from './dataset.ts';
import type { ImageOptions } from './dataset-format.ts';
import { drawHandwriting } from './drawn.ts';
import type { Orientation } from './labelled-images.ts';
import { readDataset } from './read-dataset.ts';
import { readingOptions } from './reading-options.ts';
import { stratifiedSample } from './stratified-sample.ts';

/** What `resolveSource` found out, and what to take of it. */
export interface SourceRequest {
  readonly files: Readonly<Record<string, string>>;
  readonly identity: JsonObject;
  readonly dataset: string;
  readonly subset: 'train' | 'test' | 'all';
  readonly limit?: number;
  readonly orientation?: Orientation;
  readonly images?: ImageOptions;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly progress: (fraction: number) => void;
}

/** The rows of a data set that are kept: row numbers of `dataset`, ascending, and the stable id of each. */
export interface SourceRows {
  readonly dataset: Dataset;
  readonly kept: Int32Array;
  readonly ids: Int32Array;
}

/**
 * Reads the source that was resolved, and takes a stratified sample of `limit` rows where it has more. Drawn rows are
 * made in the wanted number instead. Errors: those of the reader, and no row at all.
 */
export async function readSource(request: SourceRequest): Promise<Result<SourceRows>> {
  if (request.identity['source'] === 'drawn') return readDrawn(request);
  const { dataset, subset } = request;
  const read = await readDataset({ path: pathOf(request), dataset, subset, ...readingOptions(request) });
  if (!read.ok) return read;
  const { labels, rows } = read.value;
  if (rows === 0) {
    const part = request.subset === 'all' ? '' : ` of the ${request.subset} partition`;
    return err(failure('source-empty', `${read.value.source.title} has no row${part}`));
  }
  const kept = stratifiedSample(labels, request.limit ?? rows, request.seed);
  return ok({ dataset: read.value, kept, ids: kept });
}

async function readDrawn(request: SourceRequest): Promise<Result<SourceRows>> {
  const rows = request.identity['rows'];
  if (typeof rows !== 'number') throw new Error('a drawn source has a number of rows');
  const { files, subset, seed, signal, progress } = request;
  const drawn = await drawHandwriting({ files, rows, subset, seed, signal, progress });
  if (!drawn.ok) return drawn;
  const { dataset, ids } = drawn.value;
  return ok({ dataset, ids, kept: Int32Array.from(ids, (_, row) => row) });
}

/** The single file, or the folder that the files' names are relative to. */
function pathOf({ files, identity }: SourceRequest): string {
  const [first] = Object.entries(files);
  if (first === undefined) throw new Error('a source of files names at least one');
  const [name, path] = first;
  return identity['single'] === true ? path : path.slice(0, -name.length - 1);
}
