import { correctedResampledT, type FoldComparison } from '../metrics/corrected-t.ts';
import { holm } from '../metrics/holm.ts';
import { type PairedDifference, pairedDifference, type Verdict, verdictOf } from '../metrics/paired-difference.ts';
import { type RankedFamily, rankedFamilies, testedOnSameRows } from './ranking.ts';
import type { Family } from './study.ts';

/** Two families that were tested on the same rows, the more accurate one first. */
export interface FamilyDifference {
  readonly first: RankedFamily;
  readonly second: RankedFamily;
  readonly paired: PairedDifference;
  /** McNemar's p-value, adjusted by Holm for the number of pairs. */
  readonly adjusted: number;
  readonly verdict: Verdict;
  /** The same over the folds of the searches, of the combinations that were selected. */
  readonly folds?: FoldComparison;
}

/** All pairs of families whose predictions can be compared row by row. `margin`: accuracies within it count as equivalent. */
export function familyDifferences(families: readonly Family[], margin: number): FamilyDifference[] {
  const ranked = rankedFamilies(families);
  const pairs = ranked.flatMap((first, index) =>
    ranked.slice(index + 1).flatMap((second) => {
      if (!testedOnSameRows(first, second) || first.predictions === undefined || second.predictions === undefined)
        return [];
      const { labels, predicted } = first.predictions;
      return [{ first, second, paired: pairedDifference(labels, predicted, second.predictions.predicted) }];
    }),
  );
  const adjusted = holm(pairs.map(({ paired }) => paired.pValue));
  return pairs.map((pair, index): FamilyDifference => {
    const pValue = adjusted[index] ?? 1;
    const folds = foldComparison(pair.first, pair.second);
    const verdict = verdictOf(pair.paired, pValue, margin);
    return { ...pair, adjusted: pValue, verdict, ...(folds === undefined ? {} : { folds }) };
  });
}

/** Of K folds each is scored by a model that was trained on the K - 1 others; repeats of them add scores, not rows. */
function foldComparison(first: Family, second: Family): FoldComparison | undefined {
  const [left, right] = [selectedFolds(first), selectedFolds(second)];
  if (left === undefined || right === undefined || left.length !== right.length) return undefined;
  return correctedResampledT(left, right, 1 / ((first.search?.repeatFolds ?? left.length) - 1));
}

function selectedFolds({ search }: Family): readonly number[] | undefined {
  const folds = search?.combinations.find(({ selected }) => selected)?.folds;
  return folds === undefined || folds.length < 2 || folds.some(Number.isNaN) ? undefined : folds;
}
