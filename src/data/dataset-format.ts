import type { Result } from '../util/result.ts';
import type { Dataset } from './dataset.ts';
import type { Orientation, Partition, ReadParts } from './labelled-images.ts';

/** Which data set to read, and where from. */
export interface DatasetRequest {
  /** A folder, or one file of the data set. */
  readonly path: string;
  /** A name of `knownDatasets`, or `any` for whatever is there, with the labels as class names. */
  readonly dataset: string;
  readonly subset: 'train' | 'test' | 'all';
  /** How the files store their images (default: as this data set is distributed in the format that is found). */
  readonly orientation?: Orientation;
  /** Options of folders of images. */
  readonly images?: ImageOptions;
}

export interface ImageOptions {
  /** Side in pixels that images are resized to (default 28). */
  readonly size?: number;
  /** The images are dark ink on light paper: make ink high (default false). */
  readonly invert?: boolean;
  /**
   * What the name of a folder means: the class itself (default), the letter after its case as in `upper_A` and
   * `lower_a`, or the hexadecimal ASCII code as in NIST SD19's `41`.
   */
  readonly names?: 'class' | 'case' | 'hex';
}

/** One folder as a finder sees it. */
export interface Listing {
  readonly folder: string;
  /** Names of the files in it, sorted. */
  readonly files: readonly string[];
  /** Names of the folders in it, sorted; hidden ones left out. */
  readonly folders: readonly string[];
  /** The one file that was asked for, where a path names a file and not a folder. */
  readonly only?: string;
}

/** A data set that was found but not read. */
export interface FoundDataset {
  readonly format: Dataset['source']['format'];
  /** Paths of all files that reading depends on, the one that was asked for first. */
  readonly files: readonly string[];
  /** How the files of this data set store images in this format. */
  readonly orientation: Orientation;
  readonly read: () => Promise<Result<ReadParts>>;
}

/** Looks in one folder for one format; undefined when there is nothing of the data set. */
export type Finder = (listing: Listing, request: DatasetRequest) => Promise<Result<FoundDataset | undefined>>;

/** The partitions of a subset, train first. */
export function partitionsOf(subset: DatasetRequest['subset']): readonly Partition[] {
  return subset === 'all' ? ['train', 'test'] : [subset];
}
