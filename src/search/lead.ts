import type { Search, SearchOutcome, WantedFit } from './search.ts';

/** Where a search stands with the scores that are known: what it wants next, or what came of it. */
export type SearchStand =
  | { readonly over: false; readonly wanted: readonly WantedFit[] }
  | { readonly over: true; readonly outcome: SearchOutcome };

/** Leads a search with the scores that are known, until it wants one that is not. */
export function leadSearch(search: Search, scoreOf: (fit: WantedFit) => number | undefined): SearchStand {
  const known = (fit: WantedFit): number => {
    const score = scoreOf(fit);
    if (score === undefined)
      throw new Error(`a search asked for the score of a fit that it did not want: ${JSON.stringify(fit)}`);
    return score;
  };
  for (let step = search.next(known); ; step = search.next(known)) {
    if (step.done === true) return { over: true, outcome: step.value };
    const wanted = step.value.filter((fit) => scoreOf(fit) === undefined);
    if (wanted.length > 0) return { over: false, wanted };
  }
}
