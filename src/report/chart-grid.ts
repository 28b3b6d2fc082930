import { finiteRange } from './chart-curves.ts';
import { score, shortened } from './format.ts';
import { html, type Markup } from './html.ts';
import { valueText } from './search-notes.ts';
import type { SearchAxis, SearchFacts } from './study.ts';
import { at, familyColour, svg } from './svg.ts';

const cell = { width: 84, height: 34 };
const left = 110;
const top = 46;

/** A field of the grid: the best of the combinations that have both values. */
interface Field {
  readonly mean: number;
  readonly selected: boolean;
  /** Combinations that differ in other hyperparameters. */
  readonly combinations: number;
}

/** The two hyperparameters with the most values; undefined where there are no two with several. */
export function gridAxes({ axes }: SearchFacts): [SearchAxis, SearchAxis] | undefined {
  const several = axes
    .filter(({ values }) => values.length > 1 && values.length <= 12)
    .toSorted((one, other) => other.values.length - one.values.length);
  const [columns, rows] = several;
  return columns === undefined || rows === undefined ? undefined : [rows, columns];
}

/** The grid as a heat map over two of its hyperparameters; each field has the best mean of what else was tried with it. */
export function gridChart(
  id: string,
  family: number,
  title: string,
  search: SearchFacts,
  [rows, columns]: readonly [SearchAxis, SearchAxis],
): Markup {
  const fieldOf = (row: string, column: string): Field | undefined => {
    const here = search.combinations.filter(
      ({ params }) => valueText(params[rows.name]) === row && valueText(params[columns.name]) === column,
    );
    if (here.length === 0) return undefined;
    const [, mean] = finiteRange(here.map((one) => one.mean));
    return { mean, selected: here.some(({ selected }) => selected), combinations: here.length };
  };
  const fields = rows.values.map((row) => columns.values.map((column) => fieldOf(valueText(row), valueText(column))));
  const [low, high] = finiteRange(fields.flat().flatMap((field) => (field === undefined ? [] : [field.mean])));
  const drawn = fields.flatMap((line, row) =>
    line.map((field, column) => {
      const [x, y] = [left + column * cell.width, top + row * cell.height];
      if (field === undefined)
        return html`<rect class="empty" x="${x + 1}" y="${y + 1}" width="${cell.width - 2}" height="${cell.height - 2}"/>`;
      const isKnown = Number.isFinite(field.mean);
      const share = isKnown && high > low ? (field.mean - low) / (high - low) : isKnown ? 1 : 0;
      // Stronger than this and the dark text on it would be hard to read.
      const opacity = at(0.06 + 0.5 * share);
      return html`<g class="${familyColour(family)}"><rect class="field" style="fill-opacity:${opacity}" x="${x + 1}" y="${y + 1}" width="${cell.width - 2}" height="${cell.height - 2}"/>${field.selected ? html`<rect class="outline" x="${x + 2}" y="${y + 2}" width="${cell.width - 4}" height="${cell.height - 4}"/>` : undefined}<text class="value" x="${x + cell.width / 2}" y="${y + cell.height / 2 + 4}" text-anchor="middle">${isKnown ? score(field.mean) : 'diverged'}</text></g>`;
    }),
  );
  const heads = columns.values.map(
    (value, column) =>
      html`<text class="tick" x="${left + (column + 0.5) * cell.width}" y="${top - 8}" text-anchor="middle">${shortened(valueText(value), 12)}</text>`,
  );
  const sides = rows.values.map(
    (value, row) =>
      html`<text class="tick" x="${left - 8}" y="${top + (row + 0.5) * cell.height + 4}" text-anchor="end">${shortened(valueText(value), 14)}</text>`,
  );
  const others = search.axes.filter(
    ({ name, values }) => name !== rows.name && name !== columns.name && values.length > 1,
  );
  const rest = others.length === 0 ? '' : ` Each field is the best over ${others.map(({ name }) => name).join(', ')}.`;
  return svg({
    id,
    title: `${title}: mean score by ${rows.name} and ${columns.name}`,
    description: `A heat map of ${rows.values.length} by ${columns.values.length} values, from ${score(low)} to ${score(high)}.${rest} The table has all combinations.`,
    width: left + columns.values.length * cell.width + 10,
    height: top + rows.values.length * cell.height + 8,
    body: [
      html`<text class="label" x="${left}" y="16">${shortened(columns.name, 40)}</text><text class="label" x="${left - 8}" y="${top - 8}" text-anchor="end">${shortened(rows.name, 14)}</text>`,
      heads,
      sides,
      drawn,
    ],
  });
}
