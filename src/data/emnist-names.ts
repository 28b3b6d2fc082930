/** Classes of the EMNIST splits (Cohen, Afshar, Tapson and van Schaik, 2017), by label. */
const digits = [...'0123456789'];
const upper = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const lower = [...'abcdefghijklmnopqrstuvwxyz'];
/** Lower-case letters that ByMerge and Balanced keep apart from their capitals. */
const distinctLower = [...'abdefghnqrt'];

/** Height and width in pixels of all images of these data sets. */
export const knownSide = 28;

/** What is known of a named data set. */
export interface KnownDataset {
  readonly title: string;
  readonly classes: readonly string[];
  /** What is subtracted from a label of the file: 1 for Letters, whose label 0 is not used. */
  readonly firstLabel: number;
  readonly orientation: 'upright' | 'transposed';
  /** Its IDX files do not name it: train-images-idx3-ubyte, t10k-labels-idx1-ubyte. */
  readonly plainNames?: true;
}

const emnist = (title: string, classes: readonly string[], firstLabel = 0): KnownDataset => ({
  title,
  classes,
  firstLabel,
  orientation: 'transposed',
});

/** The data sets that can be named in a pipeline. EMNIST's files hold transposed images, MNIST's own upright ones. */
export const knownDatasets: Readonly<Record<string, KnownDataset>> = {
  'emnist-byclass': emnist('EMNIST ByClass', [...digits, ...upper, ...lower]),
  'emnist-bymerge': emnist('EMNIST ByMerge', [...digits, ...upper, ...distinctLower]),
  'emnist-balanced': emnist('EMNIST Balanced', [...digits, ...upper, ...distinctLower]),
  'emnist-letters': emnist('EMNIST Letters', upper, 1),
  'emnist-digits': emnist('EMNIST Digits', digits),
  'emnist-mnist': emnist('EMNIST MNIST', digits),
  mnist: { title: 'MNIST', classes: digits, firstLabel: 0, orientation: 'upright', plainNames: true },
  'fashion-mnist': {
    title: 'Fashion-MNIST',
    classes: ['T-shirt', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'],
    firstLabel: 0,
    orientation: 'upright',
    plainNames: true,
  },
};

/** How a data set's own files store images (upright where nothing is known of it). */
export function storedOrientation(dataset: string): KnownDataset['orientation'] {
  return knownDatasets[dataset]?.orientation ?? 'upright';
}
