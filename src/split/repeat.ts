import type { Artifact } from '../artifact/reader.ts';
import { createRandom } from '../util/random.ts';
import { foldGroups, foldRows } from './assign.ts';

/**
 * The fold of each row, -1 outside the folds, in a repeat of the split's division. The first one, 0, is the split's own. The others
 * deal the same training rows anew, by the same rules: they follow from the split, so that a search may ask for more of them without
 * any change to the split or to what was fitted on it.
 */
export function foldsOfRepeat(samples: Artifact, split: Artifact, repeat: number): ArrayLike<number> {
  const own = split.numbers('fold');
  if (repeat === 0) return own;
  const { folds, stratified, group, seed } = split.metadata;
  const random = createRandom('repeated folds', seed ?? '', repeat);
  const rows = Int32Array.from(Array.from(own).flatMap((fold, row) => (fold >= 0 ? [row] : [])));
  const dealt =
    group === 'writer'
      ? foldGroups(rows, Number(folds), samples.numbers('writer'), random)
      : foldRows(rows, Number(folds), stratified === 'true' ? samples.numbers('label') : undefined, random);
  const fold = new Int32Array(own.length).fill(-1);
  rows.forEach((row, index) => {
    fold[row] = dealt[index] as number;
  });
  return fold;
}
