import { foldScale, foldStrip } from './chart-folds.ts';
import { duration, percent, score } from './format.ts';
import { type Content, html, type Markup } from './html.ts';
import { edgeNotes, selectedParams, untriedNotes, valueText } from './search-notes.ts';
import { familyName, type Section, scrollable } from './section.ts';
import type { Combination, Family, SearchFacts, Study } from './study.ts';

/** More combinations than this make the page too heavy; the artifact has them all. */
const mostCombinations = 500;

/** Tables with more rows than this are folded away. */
const openRows = 12;

function bestTable(families: readonly Family[]): Markup {
  const rows = families.flatMap((family) => {
    const used = family.model?.hyperparameters ?? (family.search && selectedParams(family.search)) ?? {};
    const axes = new Map((family.search?.axes ?? []).map((axis) => [axis.name, axis.values]));
    const names = [...new Set([...axes.keys(), ...Object.keys(used)])];
    return names.map((name, index) => {
      const values = axes.get(name);
      const tried = values === undefined ? 'not searched' : values.map(valueText).join(', ');
      const head =
        index === 0 ? html`<th scope="rowgroup" rowspan="${names.length}">${familyName(family)}</th>` : undefined;
      return html`<tr>${head}<th scope="row" class="plain">${name}</th><td class="number">${values === undefined ? valueText(used[name]) : html`<strong>${valueText(used[name])}</strong>`}</td><td>${tried}</td></tr>`;
    });
  });
  const caption = 'Hyperparameters of the final fits; searched ones are bold.';
  return scrollable(
    caption,
    html`<table><caption>${caption}</caption><thead><tr><th scope="col">Family</th><th scope="col">Hyperparameter</th><th scope="col" class="number">Used</th><th scope="col">Values tried</th></tr></thead><tbody>${rows}</tbody></table>`,
  );
}

function combinationRow(one: Combination, search: SearchFacts, strip: Markup | undefined, hasTimes: boolean): Markup {
  const mean = Number.isFinite(one.mean) ? `${score(one.mean)} ± ${score(one.deviation)}` : 'diverged';
  const cells = search.axes.map((axis) => html`<td class="number">${valueText(one.params[axis.name])}</td>`);
  const time = hasTimes ? html`<td class="number">${duration(one.fitSeconds)}</td>` : undefined;
  const chosen = one.selected ? html` <span class="chosen">chosen</span>` : undefined;
  return html`<tr><th scope="row" class="number">${one.rank}${chosen}</th>${cells}${strip === undefined ? undefined : html`<td>${strip}</td>`}<td class="number">${mean}</td>${time}</tr>`;
}

function searchTable(family: Family, search: SearchFacts): Markup {
  const shown = search.combinations.slice(0, mostCombinations);
  const folds = shown[0]?.folds.length ?? 0;
  const scale = foldScale(shown);
  const hasTimes = shown.some((one) => one.fitSeconds !== undefined);
  const rows = shown.map((one) =>
    combinationRow(one, search, folds > 0 ? foldStrip(one, scale, family.index) : undefined, hasTimes),
  );
  const left = search.combinations.length - shown.length;
  const caption = `${search.combinations.length} combinations by mean ${search.metric} over ${folds} folds${left > 0 ? `; the ${left} lowest are left out here` : ''}.`;
  const table = scrollable(
    `${family.title}: ${caption}`,
    html`<table class="search"><caption>${caption} A dot is a fold, the line their mean.</caption><thead><tr><th scope="col" class="number">Rank</th>${search.axes.map((axis) => html`<th scope="col" class="number">${axis.name}</th>`)}${folds > 0 ? html`<th scope="col">Folds</th>` : undefined}<th scope="col" class="number">Mean ± std</th>${hasTimes ? html`<th scope="col" class="number">Mean fit time</th>` : undefined}</tr></thead><tbody>${rows}</tbody></table>`,
  );
  if (shown.length <= openRows) return table;
  return html`<details><summary>All ${search.combinations.length} combinations</summary>${table}</details>`;
}

function searchNotes(family: Family, search: SearchFacts): Markup | undefined {
  const notes = [
    ...edgeNotes(search).map(
      (note) =>
        `The best ${note.axis}, ${note.value}, is the ${note.edge} value tried (${note.tried.join(', ')}): a better one may lie beyond.`,
    ),
    ...untriedNotes(family).map(
      (note) =>
        `The final fit used ${note.axis} ${valueText(note.value)}; the search tried ${note.tried.map(valueText).join(', ')}.`,
    ),
    ...spreadNote(search),
  ];
  return notes.length === 0 ? undefined : html`<ul class="notes">${notes.map((note) => html`<li>${note}</li>`)}</ul>`;
}

/** How many combinations lie within one standard error of the best: between these the search does not decide. */
function spreadNote(search: SearchFacts): string[] {
  const best = search.combinations.find((one) => Number.isFinite(one.mean));
  const folds = best?.folds.length ?? 0;
  if (best === undefined || folds < 2 || search.combinations.length < 2) return [];
  const error = best.deviation / Math.sqrt(folds - 1);
  const level = search.combinations.filter((one) => one.mean >= best.mean - error).length;
  if (level < 2) return [];
  return [
    `${level} of ${search.combinations.length} combinations lie within one standard error (${percent(error)}) of the best: between these the search does not decide.`,
  ];
}

function familySearch(family: Family): Content {
  const { search } = family;
  if (search === undefined) return undefined;
  const rule = search.rule === undefined ? '' : ` Chosen by the rule "${search.rule}".`;
  const params = Object.entries(selectedParams(search) ?? {}).map(([name, value]) => `${name} ${valueText(value)}`);
  const best = params.length === 0 ? '' : `Best: ${params.join(', ')}.${rule}`;
  return html`<section><h3>${familyName(family)}</h3><p>${best}</p>${searchNotes(family, search)}${searchTable(family, search)}</section>`;
}

/** Best hyperparameters of each family and every combination that was tried. */
export function searchSection(study: Study): Section | undefined {
  const known = study.families.filter(
    (family) => family.search !== undefined || Object.keys(family.model?.hyperparameters ?? {}).length > 0,
  );
  if (known.length === 0) return undefined;
  return {
    id: 'search',
    heading: 'Hyperparameters and search',
    body: html`${bestTable(known)}${known.map(familySearch)}`,
  };
}
