import { basename, join } from 'node:path';
import { failure } from '../errors/failure.ts';
import { err, ok, type Result } from '../util/result.ts';
import { type DatasetRequest, type FoundDataset, type Listing, partitionsOf } from './dataset-format.ts';
import { knownDatasets, storedOrientation } from './emnist-names.ts';
import { readIdx } from './idx.ts';
import type { LabelledImages, Partition, ReadParts } from './labelled-images.ts';
import { malformed } from './malformed.ts';
import { readMapping } from './mapping.ts';

/** `emnist-byclass-test-images-idx3-ubyte.gz`, or MNIST's own `t10k-labels-idx1-ubyte` (a dot for the dash is met too). */
const fileName = /^(?:(.+)-)?(train|test|t10k)-(images|labels)[-.]idx[13]-ubyte(?:\.gz)?$/;

interface IdxName {
  readonly name: string;
  /** The data set that the name tells of, empty for MNIST's own names. */
  readonly prefix: string;
  readonly partition: Partition;
  readonly content: 'images' | 'labels';
}

interface IdxPair {
  readonly partition: Partition;
  readonly images: string;
  readonly labels: string;
}

function parseName(name: string): IdxName | undefined {
  const match = fileName.exec(name);
  if (match === null) return undefined;
  const [, prefix = '', part, content] = match;
  return {
    name,
    prefix,
    partition: part === 'train' ? 'train' : 'test',
    content: content === 'images' ? 'images' : 'labels',
  };
}

function belongsTo(prefix: string, dataset: string): boolean {
  return dataset === 'any' || prefix === dataset || (prefix === '' && knownDatasets[dataset]?.plainNames === true);
}

/** The two files of a partition; undefined when it has neither. Where a file is there packed and unpacked, unpacked. */
function pairOf(names: readonly IdxName[], partition: Partition): Result<IdxPair | undefined> {
  const own = names.filter((name) => name.partition === partition);
  const images = own.find(({ content }) => content === 'images')?.name;
  const labels = own.find(({ content }) => content === 'labels')?.name;
  if (images !== undefined && labels !== undefined) return ok({ partition, images, labels });
  const there = images ?? labels;
  if (there === undefined) return ok(undefined);
  const absent = images === undefined ? 'images' : 'labels';
  return malformed(
    'dataset-incomplete',
    there,
    `is there, but its ${absent} are not`,
    'put both files into the same folder',
  );
}

/** Finds the IDX files of a data set: images and labels of each partition, and the mapping where there is one. */
export async function findIdx(listing: Listing, request: DatasetRequest): Promise<Result<FoundDataset | undefined>> {
  const all = listing.files.flatMap((name) => parseName(name) ?? []);
  const only = all.find(({ name }) => name === listing.only);
  const wanted = all.filter(
    ({ prefix, partition }) =>
      belongsTo(prefix, request.dataset) &&
      (listing.only === undefined || (prefix === only?.prefix && partition === only.partition)),
  );
  const prefixes = [...new Set(wanted.map(({ prefix }) => prefix))];
  const [prefix] = prefixes;
  if (prefix === undefined) return ok(undefined);
  if (prefixes.length > 1) {
    const what = `${basename(listing.folder)} holds IDX files of ${prefixes.map((name) => name || 'MNIST').join(', ')}`;
    return err(failure('dataset-ambiguous', what, { hint: 'name the data set, or one of its files' }));
  }
  const pairs: IdxPair[] = [];
  for (const partition of partitionsOf(request.subset)) {
    const pair = pairOf(wanted, partition);
    if (!pair.ok) return pair;
    if (pair.value !== undefined) pairs.push(pair.value);
  }
  if (pairs.length === 0) return ok(undefined);
  const mapping = listing.files.find((name) => name === `${prefix}-mapping.txt`);
  const dataset = request.dataset === 'any' && prefix in knownDatasets ? prefix : request.dataset;
  const names = pairs.flatMap(({ images, labels }) => [images, labels]);
  const files = [...names, ...(mapping === undefined ? [] : [mapping])].map((name) => join(listing.folder, name));
  return ok({
    format: 'idx',
    files,
    orientation: storedOrientation(dataset),
    read: () => readPairs(listing.folder, pairs, mapping, knownDatasets[request.dataset]?.firstLabel ?? 0),
  });
}

async function readPairs(
  folder: string,
  pairs: readonly IdxPair[],
  mapping: string | undefined,
  firstLabel: number,
): Promise<Result<ReadParts>> {
  const classes = mapping === undefined ? undefined : await readMapping(join(folder, mapping), firstLabel);
  if (classes !== undefined && !classes.ok) return classes;
  const parts: LabelledImages[] = [];
  for (const pair of pairs) {
    const part = await readPair(folder, pair);
    if (!part.ok) return part;
    parts.push(part.value);
  }
  return ok({ parts, ...(classes === undefined ? {} : { classes: classes.value }) });
}

async function readPair(folder: string, pair: IdxPair): Promise<Result<LabelledImages>> {
  const images = await readIdx(join(folder, pair.images));
  if (!images.ok) return images;
  const labels = await readIdx(join(folder, pair.labels));
  if (!labels.ok) return labels;
  const [count = 0, height = 0, width = 0] = images.value.shape;
  if (images.value.shape.length !== 3) {
    const what = `has ${images.value.shape.length} axes (${images.value.shape.join(' x ')}), not those of images`;
    return malformed('dataset-shape', pair.images, what, 'images have three axes: number, height, width');
  }
  if (labels.value.shape.length !== 1) {
    const what = `has ${labels.value.shape.length} axes (${labels.value.shape.join(' x ')}), not the one of labels`;
    return malformed('dataset-shape', pair.labels, what, 'are images and labels exchanged?');
  }
  if (labels.value.values.length !== count) {
    const what = `has ${count} images, but ${pair.labels} has ${labels.value.values.length} labels`;
    return malformed('dataset-rows', pair.images, what, 'both files must be of the same split');
  }
  const values = { images: images.value.values, labels: labels.value.values };
  return ok({ file: pair.labels, partition: pair.partition, height, width, ...values });
}
