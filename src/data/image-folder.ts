import { extname, join } from 'node:path';
import { ok, type Result } from '../util/result.ts';
import { classOfFolder } from './class-folders.ts';
import {
  type DatasetRequest,
  type FoundDataset,
  type ImageOptions,
  type Listing,
  partitionsOf,
} from './dataset-format.ts';
import { knownDatasets } from './emnist-names.ts';
import { openImageDecoder } from './image-decoder.ts';
import { type LabelledImages, type Partition, partitionIn, type ReadParts } from './labelled-images.ts';
import { listFolder } from './listing.ts';
import { malformed } from './malformed.ts';

const usualSize = 28;
const extensions: readonly string[] = ['.png', '.jpg', '.jpeg'];
/** NIST keeps the images of a class in folders of their own (`hsf_0`). */
const deepest = 3;

/** The image files of one class in one partition. */
interface ClassFolder {
  readonly partition: Partition;
  readonly name: string;
  readonly files: readonly string[];
}

function imagesBelow(folder: string, depth = 0): string[] {
  const { files, folders } = listFolder(folder);
  const own = files
    .filter((name) => extensions.includes(extname(name).toLowerCase()))
    .map((name) => join(folder, name));
  return depth === deepest ? own : [...own, ...folders.flatMap((name) => imagesBelow(join(folder, name), depth + 1))];
}

function classFolders(folder: string, names: readonly string[], partition: Partition): ClassFolder[] {
  return names
    .map((name) => ({ partition, name, files: imagesBelow(join(folder, name)) }))
    .filter(({ files }) => files.length > 0);
}

/** Folders of classes below `train` and `test`, or right in the folder (then all rows are train). */
function partitionFolders(listing: Listing, request: DatasetRequest): ClassFolder[] {
  const divided = listing.folders.filter((name) => partitionIn(name) !== undefined);
  return partitionsOf(request.subset).flatMap((partition) => {
    const own = divided.filter((name) => partitionIn(name) === partition);
    if (own.length > 0) {
      return own.flatMap((name) => {
        const { folder, folders } = listFolder(join(listing.folder, name));
        return classFolders(folder, folders, partition);
      });
    }
    return partition === 'train' && divided.length === 0
      ? classFolders(listing.folder, listing.folders, partition)
      : [];
  });
}

/** Class names in the order of their labels: those of the data set, else the folders' own, sorted. */
function classesOf(
  folders: readonly ClassFolder[],
  request: DatasetRequest,
  names: NonNullable<ImageOptions['names']>,
): readonly string[] {
  const known = knownDatasets[request.dataset]?.classes;
  return known ?? [...new Set(folders.flatMap(({ name }) => classOfFolder(name, names) ?? []))].sort();
}

/** Finds a folder that has one folder of PNG or JPEG files for each class. */
export async function findImageFolder(
  listing: Listing,
  request: DatasetRequest,
): Promise<Result<FoundDataset | undefined>> {
  if (listing.only !== undefined) return ok(undefined);
  const names = request.images?.names ?? 'class';
  const known = knownDatasets[request.dataset]?.classes;
  const means = (name: string) => {
    const meant = classOfFolder(name, names);
    return meant !== undefined && (known?.includes(meant) ?? partitionIn(meant) === undefined);
  };
  // Looking into every folder for images would be slow where there is nothing to find.
  const divided = listing.folders.filter((name) => partitionIn(name) !== undefined);
  const places =
    divided.length > 0 ? divided.flatMap((name) => listFolder(join(listing.folder, name)).folders) : listing.folders;
  if (places.filter(means).length < (known === undefined ? 2 : 1)) return ok(undefined);
  const folders = partitionFolders(listing, request);
  if (!folders.some(({ name }) => means(name))) return ok(undefined);
  const stranger = folders.find(({ name }) => !means(name));
  if (stranger !== undefined) {
    const what = `holds images in the folder ${JSON.stringify(stranger.name)}, which is no class of ${request.dataset}`;
    const hint = `folders are named after classes (${names === 'class' ? 'by the class itself' : `in the form "${names}"`})`;
    return malformed('image-folder-class', listing.folder, what, hint);
  }
  const classes = classesOf(folders, request, names);
  const { size = usualSize, invert = false } = request.images ?? {};
  return ok({
    format: 'images',
    files: folders.flatMap(({ files }) => files),
    orientation: 'upright',
    read: () => readFolders(listing.folder, folders, { classes, names, size, invert }),
  });
}

interface ReadOptions {
  readonly classes: readonly string[];
  readonly names: NonNullable<ImageOptions['names']>;
  readonly size: number;
  readonly invert: boolean;
}

async function readFolders(
  folder: string,
  folders: readonly ClassFolder[],
  options: ReadOptions,
): Promise<Result<ReadParts>> {
  const decoder = await openImageDecoder(options);
  if (!decoder.ok) return decoder;
  const { classes, names, size } = options;
  const parts: LabelledImages[] = [];
  for (const partition of ['train', 'test'] as const) {
    const own = folders.filter((of) => of.partition === partition);
    const count = own.reduce((sum, { files }) => sum + files.length, 0);
    if (count === 0) continue;
    const images = new Uint8Array(count * size * size);
    const labels = new Int32Array(count);
    let row = 0;
    for (const { name, files } of own) {
      const label = classes.indexOf(classOfFolder(name, names) ?? '');
      for (const file of files) {
        const image = await decoder.value(file);
        if (!image.ok) return image;
        images.set(image.value, row * size * size);
        labels[row++] = label;
      }
    }
    parts.push({ file: folder, partition, height: size, width: size, images, labels });
  }
  return ok({ parts, classes });
}
