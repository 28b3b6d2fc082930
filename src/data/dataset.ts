/** Which source the rows came from. It is stamped into every artifact, plot and report that follows. */
export interface DatasetSource {
  /** `idx`, `mat`, `csv`, `images`, `numpy`, `pickle`, or `drawn` for the offline default. */
  readonly format: 'idx' | 'mat' | 'csv' | 'images' | 'numpy' | 'pickle' | 'drawn';
  /** What to call the data, for people: "EMNIST ByClass, test split". Never EMNIST for drawn data. */
  readonly title: string;
  /** How the source stored its images; rows are always upright here. */
  readonly orientation: 'upright' | 'transposed, made upright';
  /** Base names of the files that were read. */
  readonly files: readonly string[];
}

/** Labelled images in memory: ink is high on 0, upright, row after row. */
export interface Dataset {
  readonly rows: number;
  readonly height: number;
  readonly width: number;
  /** rows * height * width values, 0-255. */
  readonly images: Uint8Array;
  /** Class index of each row, 0 … classes.length - 1. */
  readonly labels: Int32Array;
  /** Name of each class: the character itself for EMNIST ("0"-"9", "A"-"Z", "a"-"z" for ByClass). */
  readonly classes: readonly string[];
  /** The source's own partition of each row. */
  readonly partition: readonly ('train' | 'test')[];
  /** Writer of each row, where the source knows. */
  readonly writers?: Int32Array;
  /** Cells that were empty or not a number in the source. Such rows are left out and counted here. */
  readonly missing: number;
  readonly source: DatasetSource;
}
