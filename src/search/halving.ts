import type { JsonObject } from '../util/json.ts';
import {
  byScore,
  type Decision,
  foldByFold,
  meanScore,
  type ResultRow,
  type Search,
  type SearchSpace,
  type WantedFit,
} from './search.ts';

export interface HalvingSetting {
  /** One in so many combinations goes on to the next rung. */
  readonly factor: number;
  /** Epochs of the first rung, at least. */
  readonly minEpochs: number;
}

/**
 * Epochs at each rung of a fit of `epochs`: each `factor` times the one before, the last one all. Of 20 by 3: 1, 2, 7, 20.
 */
export function rungsOf(epochs: number, { factor, minEpochs }: HalvingSetting): number[] {
  const rungs: number[] = [];
  for (let left = epochs; ; left /= factor) {
    const rung = Math.max(minEpochs, Math.round(left));
    if (rung < (rungs[0] ?? Number.POSITIVE_INFINITY)) rungs.unshift(Math.min(epochs, rung));
    if (rung <= minEpochs) return rungs;
  }
}

/** Fits of a combination from one rung to the next, on all folds. */
export function rungFits(space: SearchSpace, combination: JsonObject, from: number, until: number): WantedFit[] {
  return Array.from({ length: space.folds }, (_, fold) => ({ combination, fold, until, from }));
}

/**
 * Successive halving: all combinations for few epochs, the best of them for more (K. Jamieson and A. Talwalkar, "Non-stochastic best
 * arm identification and hyperparameter optimization", AISTATS 2016). Fits go on from where they were, not from the start.
 */
export function* halvingSearch(space: SearchSpace, setting: HalvingSetting): Search {
  const rungs = new Map(
    space.combinations.map((combination) => [combination, rungsOf(space.epochsOf(combination), setting)]),
  );
  const last = Math.max(...[...rungs.values()].map((all) => all.length)) - 1;
  const rows: ResultRow[] = [];
  const decisions: Decision[] = [];
  let left: readonly JsonObject[] = space.combinations;
  for (let rung = 0; ; rung++) {
    // A combination with fewer epochs has fewer rungs: it starts later, so that all end together.
    const epochsAt = (combination: JsonObject, at: number): number => {
      const all = rungs.get(combination) ?? [];
      return all[at - (last + 1 - all.length)] ?? 0;
    };
    const made = left.map((combination): ResultRow => {
      const until = epochsAt(combination, rung) || (rungs.get(combination)?.[0] ?? 0);
      const from = rung === 0 ? 0 : epochsAt(combination, rung - 1);
      return { combination, epochs: until, round: rung, fits: rungFits(space, combination, from, until) };
    });
    // One that has not started its own rungs yet was scored after its first one already.
    const isNew = (row: ResultRow): boolean =>
      !rows.some((old) => old.combination === row.combination && old.epochs === row.epochs);
    const fresh = made.filter(isNew);
    const scoreOf = yield foldByFold(fresh.map(({ fits }) => fits));
    rows.push(...fresh);
    if (rung === last) return { rows, finalists: made, decisions };
    const score = ({ fits }: ResultRow): number => meanScore(fits, scoreOf);
    const ranked = byScore(made, score);
    const keep = Math.max(1, Math.ceil(space.combinations.length / setting.factor ** (rung + 1)));
    const kept = new Set(ranked.slice(0, keep));
    for (const row of ranked) {
      const reason = kept.has(row)
        ? `among the best ${keep} of ${made.length}`
        : `not among the best ${keep} of ${made.length}`;
      decisions.push({
        round: rung + 1,
        combination: row.combination,
        epochs: row.epochs,
        mean: score(row),
        kept: kept.has(row),
        reason,
      });
    }
    left = made.filter((row) => kept.has(row)).map(({ combination }) => combination);
  }
}
