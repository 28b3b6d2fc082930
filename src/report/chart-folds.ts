import { type ScaleLinear, scaleLinear } from 'd3-scale';
import { finiteRange } from './chart-curves.ts';
import { score } from './format.ts';
import { html, type Markup } from './html.ts';
import type { Combination } from './study.ts';
import { at, familyColour } from './svg.ts';

const width = 140;
const height = 18;

/** One axis for the fold dots of all rows of a table, from the lowest score to the highest. */
export function foldScale(combinations: readonly Combination[]): ScaleLinear<number, number> {
  const [low, high] = finiteRange(combinations.flatMap((one) => [...one.folds, one.mean]));
  return scaleLinear([low, high > low ? high : low + 0.01], [8, width - 8]);
}

/** A strip with a dot a fold and a line at the mean; the numbers stand beside it in the table. */
export function foldStrip(combination: Combination, scale: ScaleLinear<number, number>, family: number): Markup {
  const finite = combination.folds.filter((value) => Number.isFinite(value));
  const dots = finite.map((value) => html`<circle cx="${at(scale(value))}" cy="9" r="3.5"/>`);
  const mean = Number.isFinite(combination.mean) ? at(scale(combination.mean)) : undefined;
  const label = `folds ${combination.folds.map((value) => score(value)).join(', ')}`;
  return html`<svg class="strip ${familyColour(family)}" role="img" aria-label="${label}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"><title>${label}</title><line class="grid" x1="0" x2="${width}" y1="9" y2="9"/>${dots}${mean === undefined ? undefined : html`<line class="mean" x1="${mean}" x2="${mean}" y1="2" y2="16"/>`}</svg>`;
}
