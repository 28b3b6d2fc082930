import { basename, extname } from 'node:path';
import { failure } from '../errors/failure.ts';
import { err, ok, type Result } from '../util/result.ts';
import { type DatasetRequest, type Listing, partitionsOf } from './dataset-format.ts';
import { knownDatasets } from './emnist-names.ts';
import { type Partition, partitionIn } from './labelled-images.ts';

/** A file that may hold rows of some partitions. */
export interface NamedFile {
  readonly name: string;
  /** Partitions to take out of it. */
  readonly partitions: readonly Partition[];
  /** What the name says; undefined when the rows' partition must be told by the content, else counts as train. */
  readonly partition: Partition | undefined;
}

/**
 * The data set that a file's name tells of: the longest known name in it, with `_` or space for `-`. A name must begin
 * where a word does: `emnist.pkl` is not MNIST's.
 */
export function datasetIn(name: string): string | undefined {
  const plain = `-${name.toLowerCase().replaceAll(/[^a-z0-9]/g, '-')}`;
  const known = Object.keys(knownDatasets).filter((dataset) => plain.includes(`-${dataset}`));
  return known.sort((left, right) => right.length - left.length)[0];
}

/**
 * Picks the files of a data set by extension: those named after it, else those named after no data set at all
 * (`train.pkl`), one for each partition, or one for both. Errors: several files for one partition.
 */
export function pickFiles(
  listing: Listing,
  request: DatasetRequest,
  extensions: readonly string[],
): Result<readonly NamedFile[]> {
  const fitting = listing.files.filter((name) => extensions.includes(extname(name).toLowerCase()));
  const candidates =
    listing.only === undefined ? ofDataset(fitting, request.dataset) : fitting.filter((name) => name === listing.only);
  const picked = new Map<string, Partition[]>();
  for (const partition of partitionsOf(request.subset)) {
    const named = candidates.filter((name) => partitionIn(name) === partition);
    const own = named.length > 0 ? named : candidates.filter((name) => partitionIn(name) === undefined);
    const [first] = own;
    if (first === undefined) continue;
    if (own.length > 1) {
      const what = `${basename(listing.folder)} has several files that may hold the ${partition} rows: ${own.slice(0, 8).join(', ')}`;
      const hint = `name one of the files itself, or call them ${request.dataset}-train and ${request.dataset}-test`;
      return err(failure('dataset-ambiguous', what, { hint }));
    }
    picked.set(first, [...(picked.get(first) ?? []), partition]);
  }
  return ok([...picked].map(([name, partitions]) => ({ name, partitions, partition: partitionIn(name) })));
}

function ofDataset(names: readonly string[], dataset: string): readonly string[] {
  if (dataset === 'any') return names;
  const named = names.filter((name) => datasetIn(name) === dataset);
  return named.length > 0 ? named : names.filter((name) => datasetIn(name) === undefined);
}
