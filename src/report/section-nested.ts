import { score } from './format.ts';
import { html, type Markup } from './html.ts';
import { selectedParams, valueText } from './search-notes.ts';
import { scrollable } from './section.ts';
import type { Family, NestedFold } from './study.ts';

function paramsText(fold: NestedFold): string {
  if (fold.params === undefined) return 'all diverged';
  return Object.entries(fold.params)
    .map(([name, value]) => `${name} ${valueText(value)}`)
    .join(', ');
}

/** What nested cross-validation says of a family's search: what it reaches on folds that it never saw, and whether it always chooses the same. */
export function nestedPart({ title, search }: Family): Markup | undefined {
  const nested = search?.nested ?? [];
  if (search === undefined || nested.length === 0) return undefined;
  const average = (pick: (fold: NestedFold) => number): number =>
    nested.reduce((sum, fold) => sum + pick(fold), 0) / nested.length;
  const [reached, believed] = [average((fold) => fold.score), average((fold) => fold.innerScore)];
  const choices = new Set(nested.map(paramsText)).size;
  const stable =
    choices === 1
      ? 'All of these searches chose the same combination.'
      : `These ${nested.length} searches chose ${choices} different combinations: the choice depends on the rows.`;
  const best = search.combinations.find(({ selected }) => selected)?.mean;
  const optimism =
    best === undefined || !Number.isFinite(best)
      ? ''
      : ` The search itself reports ${score(best)} for ${selectedParams(search) === undefined ? 'its best' : 'what it chose'}, by the folds that chose it.`;
  const caption = `${title}: nested cross-validation`;
  const rows = nested.map(
    (fold) =>
      html`<tr><th scope="row" class="number">${fold.fold + 1}</th><td>${paramsText(fold)}</td><td class="number">${score(fold.innerScore)}</td><td class="number">${score(fold.score)}</td></tr>`,
  );
  return html`<p>Nested cross-validation: the search made anew without a fold, and scored on it, reaches ${score(reached)} (it believed ${score(believed)}).${optimism} ${stable}</p>${scrollable(caption, html`<table><caption>${caption}.</caption><thead><tr><th scope="col" class="number">Fold left out</th><th scope="col">Chosen without it</th><th scope="col" class="number">Mean of the other folds</th><th scope="col" class="number">On it</th></tr></thead><tbody>${rows}</tbody></table>`)}`;
}
