import type { Artifact } from '../artifact/reader.ts';
import { correctedResampledT } from '../metrics/corrected-t.ts';
import { holm } from '../metrics/holm.ts';
import type { RowPairs } from './column-diff.ts';
import { significance } from './verdict.ts';

/** A combination that both searches fitted, with another score on a fold. */
export interface PairedCombination {
  readonly params: string;
  /** Mean scores over the folds. */
  readonly before: number;
  readonly after: number;
  readonly foldsChanged: number;
  /** By the corrected resampled t-test over the folds, adjusted by Holm for the number of combinations; left out of fewer than two folds. */
  readonly pValue?: number;
  readonly verdict: 'better' | 'worse' | 'noise' | 'changed';
}

/** Combinations that score otherwise, paired fold by fold; those of the largest differences first. */
export function pairedCombinations(before: Artifact, after: Artifact, pairs: RowPairs): PairedCombination[] {
  const params = before.texts('params');
  const [means, meansNow] = [before, after].map((artifact) => artifact.numbers('mean_test_score'));
  const [folds, foldsNow] = [foldScores(before), foldScores(after)];
  const changed = Array.from({ length: pairs.count }, (_, pair) => {
    const [row, other] = [pairs.before[pair] as number, pairs.after[pair] as number];
    const [one, two] = [folds.map((fold) => fold[row] as number), foldsNow.map((fold) => fold[other] as number)];
    return {
      params: params[row] ?? '',
      before: means?.[row] ?? Number.NaN,
      after: meansNow?.[other] ?? Number.NaN,
      foldsChanged: countChanged(one, two),
      tested: testOf(one, two),
    };
  }).filter(({ foldsChanged }) => foldsChanged > 0);
  const tested = changed.flatMap(({ tested: pValue }) => pValue ?? []);
  const adjusted = holm(tested);
  let place = 0;
  const judged = changed.map(({ tested: pValue, ...facts }): PairedCombination => {
    if (pValue === undefined) return { ...facts, verdict: 'changed' };
    const own = adjusted[place++] ?? 1;
    const verdict = own >= significance ? 'noise' : facts.after > facts.before ? 'better' : 'worse';
    return { ...facts, pValue: own, verdict };
  });
  const size = ({ before: one, after: other }: PairedCombination): number => Math.abs(other - one) || 0;
  return judged.sort((one, other) => size(other) - size(one));
}

/** The scores of each fold, in the folds' order. */
function foldScores(artifact: Artifact): ArrayLike<number>[] {
  const scores: ArrayLike<number>[] = [];
  while (artifact.has(`split${scores.length}_test_score`))
    scores.push(artifact.numbers(`split${scores.length}_test_score`));
  return scores;
}

function countChanged(one: readonly number[], other: readonly number[]): number {
  const folds = Math.max(one.length, other.length);
  return Array.from({ length: folds }, (_, fold) => fold).filter(
    (fold) => !Object.is(one[fold] ?? Number.NaN, other[fold] ?? Number.NaN),
  ).length;
}

/** Of K folds each is scored by a model that was trained on the K - 1 others. */
function testOf(one: readonly number[], other: readonly number[]): number | undefined {
  if (one.length !== other.length || [...one, ...other].some(Number.isNaN)) return undefined;
  return correctedResampledT(other, one, 1 / (one.length - 1))?.pValue;
}
