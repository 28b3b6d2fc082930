import { extname, join } from 'node:path';
import { ok, type Result } from '../util/result.ts';
import { type ArrayPair, pairArrays, understoodNames } from './array-roles.ts';
import { type DatasetRequest, type FoundDataset, type Listing, partitionsOf } from './dataset-format.ts';
import type { LabelledImages, ReadParts } from './labelled-images.ts';
import { malformed, readBytes } from './malformed.ts';
import { datasetIn, type NamedFile, pickFiles } from './named-files.ts';
import { parseNpy } from './npy.ts';
import { type NpzArchive, openNpz } from './npz.ts';
import { labelledImages, type NumberArray } from './pixels.ts';

/** Finds .npz files of a data set, else pairs of .npy files (`x_train.npy`, `y_train.npy`). */
export async function findNumpy(listing: Listing, request: DatasetRequest): Promise<Result<FoundDataset | undefined>> {
  const archives = pickFiles(listing, request, ['.npz']);
  if (!archives.ok) return archives;
  if (archives.value.length > 0) {
    const files = archives.value;
    return ok({
      format: 'numpy',
      files: files.map(({ name }) => join(listing.folder, name)),
      orientation: 'upright',
      read: () => readArchives(listing.folder, files),
    });
  }
  return ok(findArrays(listing, request));
}

function findArrays(listing: Listing, request: DatasetRequest): FoundDataset | undefined {
  const names = listing.files.filter(
    (name) =>
      extname(name).toLowerCase() === '.npy' &&
      (request.dataset === 'any' || [request.dataset, undefined].includes(datasetIn(name))),
  );
  const wanted = partitionsOf(request.subset);
  const pairs = pairArrays(names).filter(
    ({ partition, images, labels }) =>
      wanted.includes(partition ?? 'train') &&
      (listing.only === undefined || images === listing.only || labels === listing.only),
  );
  if (pairs.length === 0) return undefined;
  return {
    format: 'numpy',
    files: pairs.flatMap(({ images, labels }) => [join(listing.folder, images), join(listing.folder, labels)]),
    orientation: 'upright',
    read: () => readPairs(pairs, (name) => readBytes(join(listing.folder, name))),
  };
}

/** Reads pairs of arrays, each .npy file by `read`. `file` is named in failures, else the arrays' own names. */
async function readPairs(
  pairs: readonly ArrayPair[],
  read: (name: string) => Promise<Result<Buffer>>,
  file?: string,
): Promise<Result<ReadParts>> {
  const parts: LabelledImages[] = [];
  const arrayOf = async (name: string): Promise<Result<NumberArray>> => {
    const bytes = await read(name);
    return bytes.ok ? parseNpy(file === undefined ? name : `${file}: ${name}.npy`, bytes.value) : bytes;
  };
  for (const { partition, images, labels } of pairs) {
    const pixels = await arrayOf(images);
    if (!pixels.ok) return pixels;
    const classes = await arrayOf(labels);
    if (!classes.ok) return classes;
    const part = labelledImages(
      file ?? images,
      partition ?? 'train',
      { name: images, array: pixels.value },
      { name: labels, array: classes.value },
    );
    if (!part.ok) return part;
    parts.push(part.value);
  }
  return ok({ parts });
}

async function readArchives(folder: string, files: readonly NamedFile[]): Promise<Result<ReadParts>> {
  const parts: LabelledImages[] = [];
  for (const file of files) {
    const archive = await openNpz(join(folder, file.name));
    if (!archive.ok) return archive;
    const read = await readArchive(file, archive.value).finally(archive.value.close);
    if (!read.ok) return read;
    parts.push(...read.value.parts);
  }
  return ok({ parts });
}

async function readArchive(file: NamedFile, archive: NpzArchive): Promise<Result<ReadParts>> {
  const pairs = wantedPairs(file, archive.names);
  return pairs.ok ? readPairs(pairs.value, archive.read, file.name) : pairs;
}

/**
 * The pairs of a file's arrays that belong to the wanted partitions. Arrays that do not say are what the file's name
 * says, else train.
 */
export function wantedPairs(file: NamedFile, names: readonly string[]): Result<readonly ArrayPair[]> {
  const all = pairArrays(names).map((pair) => ({ ...pair, partition: pair.partition ?? file.partition ?? 'train' }));
  const wanted = all.filter(({ partition }) => file.partitions.includes(partition));
  if (wanted.length > 0) return ok(wanted);
  const there = names.length === 0 ? 'nothing' : names.slice(0, 12).join(', ');
  const what =
    all.length === 0
      ? `has no images with labels: it holds ${there}`
      : `has no ${file.partitions.join(' or ')} rows: it holds ${there}`;
  return malformed('dataset-names', file.name, what, understoodNames);
}
