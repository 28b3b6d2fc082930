import { failure } from '../errors/failure.ts';
import { err, ok, type Result } from '../util/result.ts';
import { suggestion } from '../util/suggest.ts';
import { assembleDataset } from './assemble.ts';
import { findCsv } from './csv.ts';
import type { Dataset } from './dataset.ts';
import type { DatasetRequest, Finder, FoundDataset } from './dataset-format.ts';
import { knownDatasets } from './emnist-names.ts';
import { findIdx } from './idx-dataset.ts';
import { findImageFolder } from './image-folder.ts';
import { listingsOf } from './listing.ts';
import { malformed } from './malformed.ts';
import { findMat } from './mat-dataset.ts';
import { findNumpy } from './numpy.ts';
import { findPickle } from './pickle-dataset.ts';

export type { DatasetRequest } from './dataset-format.ts';

/** The files of a data set that were found. */
export interface DatasetFiles {
  readonly format: Dataset['source']['format'];
  /** Paths of all files that reading depends on, also those with class names. */
  readonly files: readonly string[];
}

/** The formats in the order in which a folder is searched for them. */
const finders: readonly Finder[] = [findIdx, findMat, findCsv, findNumpy, findPickle, findImageFolder];

/** What a folder is searched for, a line each, for messages. */
export function lookedFor(dataset: string, subset: DatasetRequest['subset'] = 'all'): readonly string[] {
  const part = subset === 'all' ? '{train,test}' : subset;
  const plain = subset === 'all' ? '{train,t10k}' : subset === 'train' ? 'train' : 't10k';
  const name = dataset === 'any' ? '*' : dataset;
  const idx = knownDatasets[dataset]?.plainNames === true ? plain : `${name}-${part}`;
  return [
    `IDX: ${idx}-images-idx3-ubyte[.gz] and ${idx}-labels-idx1-ubyte[.gz]`,
    `MATLAB: ${name}.mat`,
    `CSV: ${name}-${part}.csv`,
    `NumPy: ${name}.npz, ${name}-${part}.npz, or x_${part}.npy and y_${part}.npy`,
    `pickle: ${name}.pkl, ${name}-${part}.pkl (or .pickle)`,
    `images: a folder for each class with PNG or JPEG files, in ${part}/ or at once`,
  ];
}

/** Searches the folder (and those in it, two levels deep) for each format in turn. */
async function find(request: DatasetRequest): Promise<Result<FoundDataset | undefined>> {
  const names = [...Object.keys(knownDatasets), 'any'];
  if (!names.includes(request.dataset)) {
    const hint = suggestion(request.dataset, names);
    return err(failure('dataset-unknown', `there is no data set "${request.dataset}"`, { hint }));
  }
  const listings = listingsOf(request.path);
  if (!listings.ok) return listings;
  for (const listing of listings.value) {
    for (const finder of finders) {
      const found = await finder(listing, request);
      if (!found.ok || found.value !== undefined) return found;
    }
  }
  return ok(undefined);
}

/**
 * Looks for the files of a data set without reading them, so that a caller can hash them first; undefined when there
 * is nothing of it. Errors: an unknown data set, a path that cannot be read, half a data set, and several files of
 * which none is named after the data set.
 */
export async function findDatasetFiles(request: DatasetRequest): Promise<Result<DatasetFiles | undefined>> {
  const found = await find(request);
  if (!found.ok || found.value === undefined) return found.ok ? ok(undefined) : found;
  return ok({ format: found.value.format, files: found.value.files });
}

/**
 * Reads a data set as people have it: IDX, MATLAB, CSV, NumPy, pickle, or folders of images. Rows are upright, train
 * before test, in the order of the files.
 * Errors: those of `findDatasetFiles`, nothing found (the failure lists what was looked for), and whatever is wrong
 * with a file.
 */
export async function readDataset(request: DatasetRequest): Promise<Result<Dataset>> {
  const found = await find(request);
  if (!found.ok) return found;
  if (found.value === undefined) {
    const part = request.subset === 'all' ? '' : ` (${request.subset})`;
    const missing = malformed('dataset-missing', request.path, `holds nothing of ${request.dataset}${part}`);
    return missing.ok
      ? missing
      : err({ ...missing.error, detail: lookedFor(request.dataset, request.subset).join('\n') });
  }
  const { format, files, orientation } = found.value;
  const read = await found.value.read();
  if (!read.ok) return read;
  return assembleDataset({
    ...read.value,
    dataset: request.dataset,
    format,
    files,
    orientation: request.orientation ?? orientation,
  });
}
