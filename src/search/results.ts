import type { CollectedPart } from '../stage/stage-kind.ts';
import type { CombinationScores, FoldScore } from './collect.ts';
import { fitName } from './parts.ts';
import type { ResultRow, SearchOutcome, WantedFit } from './search.ts';
import { type SelectRule, selectWinner } from './select.ts';
import type { ModelSpace } from './space.ts';

/** The results of a search, and which of them won: -1 where all diverged. */
export interface SearchResults {
  readonly results: readonly CombinationScores[];
  readonly winner: number;
}

/** Scores and times of what a search tried, and its winner. `partial`: not every combination was fitted whole. */
export function resultsOf(
  space: ModelSpace,
  outcome: SearchOutcome,
  parts: readonly CollectedPart[],
  { select, partial }: { readonly select: SelectRule; readonly partial: boolean },
): SearchResults {
  const byName = new Map(parts.map((part) => [part.name, part]));
  const results = outcome.rows.map((row): CombinationScores => {
    const folds = row.fits.map((fit) => foldScore(chain(fit, space, byName)));
    return {
      combination: row.combination,
      folds,
      isFinalist: outcome.finalists.includes(row),
      ...(partial ? { partial: { epochs: row.epochs, round: row.round } } : {}),
    };
  });
  const candidates = results.map(({ folds, isFinalist }, index) => ({
    scores: isFinalist === false ? [Number.NaN] : folds.map(({ score }) => score),
    cost: costOf(select.cost, space, outcome.rows[index] as ResultRow, folds, byName),
  }));
  return { results, winner: selectWinner(candidates, select) };
}

function foldScore(made: readonly CollectedPart[]): FoldScore {
  const seconds = (phase: string): number =>
    made.reduce((sum, { artifacts: { timings } }) => {
      return sum + (timings?.numbers('seconds')[timings.texts('phase').indexOf(phase)] ?? 0);
    }, 0);
  return {
    score: Number(made.at(-1)?.artifacts['scores']?.metadata['accuracy'] ?? Number.NaN),
    fitSeconds: seconds('training'),
    scoreSeconds: seconds('inference'),
  };
}

/** The parts that a fit is made of: its own, and those that it went on from. */
function chain(fit: WantedFit, space: ModelSpace, parts: ReadonlyMap<string, CollectedPart>): CollectedPart[] {
  const own = parts.get(fitName(space, fit));
  if (own === undefined) return [];
  if (fit.from === 0) return [own];
  // Each rung trained its own epochs only: those before it belong to the fit's time too.
  const earlier = [...parts.values()].filter(({ name }) => {
    const until = Number(/ to epoch (\d+)$/.exec(name)?.[1] ?? Number.NaN);
    return until < fit.until && name === fitName(space, { ...fit, from: 0, until });
  });
  return [...earlier, own];
}

function costOf(
  cost: SelectRule['cost'],
  space: ModelSpace,
  row: ResultRow,
  folds: readonly FoldScore[],
  parts: ReadonlyMap<string, CollectedPart>,
): number {
  if (cost === 'seconds') return folds.reduce((sum, { fitSeconds }) => sum + fitSeconds, 0) / folds.length;
  const [first] = row.fits;
  const part = first === undefined ? undefined : parts.get(fitName(space, first));
  return Number(part?.artifacts['scores']?.metadata['parameters'] ?? Number.POSITIVE_INFINITY);
}
