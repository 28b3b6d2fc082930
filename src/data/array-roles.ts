import { type Partition, partitionIn } from './labelled-images.ts';

const imageWords: readonly string[] = ['images', 'image', 'x', 'data', 'features'];
const labelWords: readonly string[] = ['labels', 'label', 'y', 'target', 'targets'];

/** Names of the arrays of one partition; `partition` is undefined where the names do not say. */
export interface ArrayPair {
  readonly partition: Partition | undefined;
  readonly images: string;
  readonly labels: string;
}

/** What names of arrays are understood, for messages. */
export const understoodNames =
  'images are named images, image, x, data or features, labels are named labels, label, y, target or targets, ' +
  'with train or test before or after it (x_train) where there are both';

type Role = 'images' | 'labels';

function roleOf(name: string): Role | undefined {
  const words = name.toLowerCase().split(/[^a-z0-9]+/);
  if (words.some((word) => labelWords.includes(word))) return 'labels';
  return words.some((word) => imageWords.includes(word)) ? 'images' : undefined;
}

/**
 * Pairs arrays by their names: `x_train` with `y_train`, `images` with `labels`. Only pairs that are whole are given,
 * train first. Where two names mean the same (`data` and `x`), the first one counts.
 */
export function pairArrays(names: readonly string[]): readonly ArrayPair[] {
  return (['train', 'test', undefined] as const).flatMap((partition) => {
    const own = names.filter((name) => partitionIn(name) === partition);
    const images = own.find((name) => roleOf(name) === 'images');
    const labels = own.find((name) => roleOf(name) === 'labels');
    return images === undefined || labels === undefined ? [] : [{ partition, images, labels }];
  });
}
