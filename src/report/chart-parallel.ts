import { scaleLinear, scalePoint } from 'd3-scale';
import { finiteRange } from './chart-curves.ts';
import { score, shortened } from './format.ts';
import { html, type Markup } from './html.ts';
import { valueText } from './search-notes.ts';
import type { Combination, SearchFacts } from './study.ts';
import { at, familyColour, svg } from './svg.ts';

const height = 300;
const top = 34;
const bottom = 282;
const left = 70;
const step = 150;
/** Room for the labels of the score on the right. */
const right = 76;

/** More lines than this are a carpet: the best of them are drawn. */
const mostLines = 200;

/** Whether a search has something to see in parallel coordinates: at least two hyperparameters and some combinations. */
export function isParallelWorth({ axes, combinations }: SearchFacts): boolean {
  return axes.filter(({ values }) => values.length > 1).length >= 2 && combinations.length >= 4;
}

/**
 * Every combination as a line over its hyperparameters to its score (A. Inselberg, "The plane with parallel coordinates", The Visual
 * Computer 1, 1985); on the last axis its folds are dots. The better, the stronger the line; the chosen one is drawn over the others.
 */
export function parallelChart(id: string, family: number, title: string, search: SearchFacts): Markup {
  const axes = search.axes.filter(({ values }) => values.length > 1);
  const drawn = search.combinations.filter(({ mean }) => Number.isFinite(mean)).slice(0, mostLines);
  const [low, high] = finiteRange(drawn.flatMap((one) => [one.mean, ...one.folds]));
  const scores = scaleLinear([low, high > low ? high : low + 0.01], [bottom, top]).nice(5);
  const places = axes.map(({ values }) => {
    const texts = values.map(valueText);
    const place = scalePoint(texts, [bottom, top]).padding(0.15);
    return {
      texts,
      of: (combination: Combination, name: string) => place(valueText(combination.params[name])) ?? bottom,
      place,
    };
  });
  const x = (axis: number): number => left + axis * step;
  const end = x(axes.length);
  const [worst, best] = finiteRange(drawn.map(({ mean }) => mean));
  const line = (one: Combination): Markup => {
    const points = axes.map(({ name }, index) => `${x(index)} ${at(places[index]?.of(one, name) ?? bottom)}`);
    const strength = best > worst ? (one.mean - worst) / (best - worst) : 1;
    const label = `${axes.map(({ name }) => `${name} ${valueText(one.params[name])}`).join(', ')}: ${score(one.mean)}`;
    const path = `M${[...points, `${end} ${at(scores(one.mean))}`].join('L')}`;
    const dots = one.folds
      .filter((value) => Number.isFinite(value))
      .map((value) => html`<circle class="fold" cx="${end}" cy="${at(scores(value))}" r="2.5"/>`);
    return html`<g class="${familyColour(family)} combination${one.selected ? ' chosen-line' : ''}" style="opacity:${at(one.selected ? 1 : 0.25 + 0.5 * strength ** 2)}"><title>${label}</title><path d="${path}"/>${one.selected || drawn.length <= 24 ? dots : undefined}</g>`;
  };
  // Lines that are drawn later lie above.
  const ordered = [...drawn].sort(
    (one, other) => Number(one.selected) - Number(other.selected) || one.mean - other.mean,
  );
  const heads = axes.map(({ name }, index) => {
    const texts = places[index]?.texts ?? [];
    const ticks = texts.map((text) => {
      const y = at(places[index]?.place(text) ?? bottom);
      return html`<text class="tick halo" x="${x(index) - 7}" y="${at(y + 3.5)}" text-anchor="end">${shortened(text, 10)}</text>`;
    });
    return html`<line class="grid" x1="${x(index)}" x2="${x(index)}" y1="${top}" y2="${bottom}"/><text class="label" x="${x(index)}" y="18" text-anchor="middle">${shortened(name, 18)}</text>${ticks}`;
  });
  const marks = scores
    .ticks(5)
    .map((tick) => html`<text class="tick" x="${end + 8}" y="${at(scores(tick) + 3.5)}">${score(tick)}</text>`);
  return svg({
    id,
    title: `${title}: every combination and its score`,
    description: `Parallel coordinates of ${drawn.length} combinations of ${axes.map(({ name }) => name).join(', ')}; scores from ${score(worst)} to ${score(best)}. The table has them all.`,
    width: end + right,
    height,
    body: [
      ordered.map(line),
      heads,
      html`<line class="grid" x1="${end}" x2="${end}" y1="${top}" y2="${bottom}"/><text class="label" x="${end}" y="18" text-anchor="middle">${search.metric}</text>`,
      marks,
    ],
  });
}
