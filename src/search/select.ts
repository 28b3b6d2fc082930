import { mean } from './statistics.ts';

/** How the winner of a search is chosen. */
export interface SelectRule {
  /** `best`: the highest mean over the folds; `one-standard-error`: the cheapest within one standard error of it. */
  readonly rule: 'best' | 'one-standard-error';
  /** What is cheap: the time of a fit as it was measured, or its weights. */
  readonly cost: 'seconds' | 'parameters';
}

/** A combination that may win. */
export interface Candidate {
  /** Scores of its folds. */
  readonly scores: readonly number[];
  readonly cost: number;
}

/** Standard error of the mean of some scores: their sample standard deviation (ddof 1) by the root of their number. */
export function standardErrorOf(scores: readonly number[]): number {
  if (scores.length < 2) return 0;
  const centre = mean(scores);
  const squares = scores.reduce((sum, score) => sum + (score - centre) ** 2, 0);
  return Math.sqrt(squares / (scores.length - 1) / scores.length);
}

/**
 * The index of the winner, the first of equals; -1 where all diverged. The one-standard-error rule is that of L. Breiman, J. Friedman,
 * R. Olshen and C. Stone, "Classification and regression trees", 1984, section 3.4.3.
 */
export function selectWinner(candidates: readonly Candidate[], { rule }: SelectRule): number {
  const means = candidates.map(({ scores }) => mean(scores));
  const best = means.reduce(
    (top, value, index) => (!Number.isNaN(value) && (top < 0 || value > (means[top] ?? 0)) ? index : top),
    -1,
  );
  if (best < 0 || rule === 'best') return best;
  const enough = (means[best] ?? 0) - standardErrorOf(candidates[best]?.scores ?? []);
  return candidates.reduce(
    (cheapest, { cost }, index) =>
      (means[index] ?? Number.NaN) >= enough && cost < (candidates[cheapest]?.cost ?? Number.POSITIVE_INFINITY)
        ? index
        : cheapest,
    best,
  );
}
