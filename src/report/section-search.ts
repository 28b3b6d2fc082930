import { foldScale, foldStrip } from './chart-folds.ts';
import { gridAxes, gridChart } from './chart-grid.ts';
import { isParallelWorth, parallelChart } from './chart-parallel.ts';
import { duration, listed, percent, score } from './format.ts';
import { type Content, html, type Markup } from './html.ts';
import { edgeNotes, selectedParams, untriedNotes, valueText } from './search-notes.ts';
import { familyName, figure, type Section, scrollable } from './section.ts';
import { nestedPart } from './section-nested.ts';
import type { Combination, Family, SearchFacts, Study } from './study.ts';

/** More combinations than this make the page too heavy; the artifact has them all. */
const mostCombinations = 500;

/** Rows that are always visible; the others are folded away. */
const openRows = 10;

function bestRows(family: Family): Markup[] {
  const used = family.model?.hyperparameters ?? (family.search && selectedParams(family.search)) ?? {};
  const axes = family.search?.axes ?? [];
  const fixed = Object.keys(used).filter((name) => axes.every((axis) => axis.name !== name));
  const searched = axes.map(
    (axis) =>
      html`<th scope="row" class="plain">${axis.name}</th><td class="number"><strong>${valueText(used[axis.name])}</strong></td><td>${axis.values.map(valueText).join(', ')}</td>`,
  );
  const others = fixed.map((name) => `${name} ${valueText(used[name])}`).join(', ');
  const rows = fixed.length === 0 ? searched : [...searched, html`<td colspan="3">not searched: ${others}</td>`];
  const head = html`<th scope="rowgroup" rowspan="${rows.length}">${familyName(family)}</th>`;
  return rows.map((row, index) => html`<tr>${index === 0 ? head : undefined}${row}</tr>`);
}

function bestTable(families: readonly Family[]): Markup {
  const caption = 'Hyperparameters of the final fits; searched ones are bold.';
  const groups = families.map((family) => html`<tbody>${bestRows(family)}</tbody>`);
  return scrollable(
    caption,
    html`<table><caption>${caption}</caption><thead><tr><th scope="col">Family</th><th scope="col">Hyperparameter</th><th scope="col" class="number">Used</th><th scope="col">Values tried</th></tr></thead>${groups}</table>`,
  );
}

function combinationRow(one: Combination, search: SearchFacts, strip: Markup | undefined, hasTimes: boolean): Markup {
  const mean = Number.isFinite(one.mean) ? `${score(one.mean)} ± ${score(one.deviation)}` : 'diverged';
  const cells = search.axes.map((axis) => html`<td class="number">${valueText(one.params[axis.name])}</td>`);
  const time = hasTimes ? html`<td class="number">${duration(one.fitSeconds)}</td>` : undefined;
  const chosen = one.selected ? html`<span class="chosen">chosen</span> ` : undefined;
  return html`<tr><th scope="row" class="number">${chosen}${one.rank}</th>${cells}${strip === undefined ? undefined : html`<td>${strip}</td>`}<td class="number">${mean}</td>${time}</tr>`;
}

interface TableParts {
  readonly caption: string;
  readonly combinations: readonly Combination[];
}

function searchTable(family: Family, search: SearchFacts, { caption, combinations }: TableParts): Markup {
  const hasFolds = combinations.some((one) => one.folds.length > 0);
  const scale = foldScale(combinations);
  const [low, high] = scale.domain();
  const strips = hasFolds ? ` A dot is a fold, the line their mean, from ${score(low)} to ${score(high)}.` : '';
  const hasTimes = combinations.some((one) => one.fitSeconds !== undefined);
  const rows = combinations.map((one) =>
    combinationRow(one, search, hasFolds ? foldStrip(one, scale, family.index) : undefined, hasTimes),
  );
  const axes = search.axes.map((axis) => html`<th scope="col" class="number">${axis.name}</th>`);
  return scrollable(
    `${family.title}: ${caption}`,
    html`<table class="search"><caption>${caption}${strips}</caption><thead><tr><th scope="col" class="number">Rank</th>${axes}${hasFolds ? html`<th scope="col">Folds</th>` : undefined}<th scope="col" class="number">Mean ± std</th>${hasTimes ? html`<th scope="col" class="number">Fit time</th>` : undefined}</tr></thead><tbody>${rows}</tbody></table>`,
  );
}

function searchTables(family: Family, search: SearchFacts): Content {
  const { combinations } = search;
  const folds = combinations[0]?.folds.length ?? 0;
  const open = combinations.length <= openRows + 2 ? combinations : combinations.slice(0, openRows);
  const folded = combinations.slice(open.length, mostCombinations);
  const left = combinations.length - open.length - folded.length;
  const caption = `${combinations.length} combinations by mean ${search.metric} over ${folds} folds${open === combinations ? '' : `, the best ${openRows} of them`}.`;
  const first = searchTable(family, search, { caption, combinations: open });
  if (folded.length === 0) return first;
  const summary = `The other combinations${left > 0 ? `, without the ${left} lowest` : ''} (${folded.length})`;
  return [
    first,
    html`<details><summary>${summary}</summary>${searchTable(family, search, { caption: `${summary}.`, combinations: folded })}</details>`,
  ];
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

function searchCharts(family: Family, search: SearchFacts): Content {
  const axes = gridAxes(search);
  const others = search.axes
    .filter((axis) => axis.values.length > 1 && axes?.includes(axis) !== true)
    .map(({ name }) => name);
  const grid =
    axes === undefined
      ? undefined
      : figure(
          `Mean ${search.metric} by ${axes[0].name} and ${axes[1].name}${others.length === 0 ? '' : `, the best over ${listed(others)}`}; what was chosen is outlined.`,
          scrollable(
            `${family.title}: grid`,
            gridChart(`grid-${family.index}`, family.index, family.title, search, axes),
          ),
        );
  const parallel = isParallelWorth(search)
    ? figure(
        'A line is a combination, strong where it is good; the dots on the right are folds.',
        scrollable(
          `${family.title}: combinations`,
          parallelChart(`parallel-${family.index}`, family.index, family.title, search),
        ),
      )
    : undefined;
  return grid === undefined && parallel === undefined
    ? undefined
    : html`<div class="searches">${grid}${parallel}</div>`;
}

function familySearch(family: Family): Content {
  const { search } = family;
  if (search === undefined) return undefined;
  const rule = search.rule === undefined ? '' : ` Chosen by the rule "${search.rule}".`;
  const params = Object.entries(selectedParams(search) ?? {}).map(([name, value]) => `${name} ${valueText(value)}`);
  const best = params.length === 0 ? '' : `Best: ${params.join(', ')}.${rule}`;
  const charts = searchCharts(family, search);
  // A search of one hyperparameter is a small table: two stand side by side.
  return html`<section${charts === undefined && search.axes.length <= 2 ? undefined : html` class="wide"`}><h3>${familyName(family)}</h3><p>${best}</p>${searchNotes(family, search)}${nestedPart(family)}${charts}${searchTables(family, search)}</section>`;
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
    body: html`${bestTable(known)}<div class="pairs-of-two">${known.map(familySearch)}</div>`,
  };
}
