import { count, percent, shortened } from './format.ts';
import { html, type Markup } from './html.ts';
import { at, familyColour, svg } from './svg.ts';

export interface HeatMap {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly family: number;
  readonly classes: readonly string[];
  /** classes * classes counts, a row a true class. */
  readonly counts: Float64Array;
}

/** Lower ends of the shades, as shares of the true class: about logarithmic, so that rare mistakes stay visible. */
export const shadeSteps: readonly number[] = [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 0.8];

/** Cells that get a text of their own on hover; the rest can be read from the axes. */
const describedCells = 500;

/** Cells whose count is written into them, to be read where the matrix is enlarged. */
const countedCells = 2500;

/** From this shade on a count stands in the colour of the paper. */
const darkShade = 5;

const axisText = 'predicted class (rows: true class)';

/** As wide as the text of the axis is, about: a matrix of few classes is narrower. */
const axisWidth = 210;

/** Above this many classes a cell is too small to see. */
export const mostHeatMapClasses = 200;

interface Cell {
  readonly truth: number;
  readonly guess: number;
  readonly count: number;
  readonly share: number;
}

function cellsOf({ counts, classes }: HeatMap): Cell[] {
  const size = classes.length;
  const cells: Cell[] = [];
  for (let truth = 0; truth < size; truth++) {
    const row = counts.subarray(truth * size, (truth + 1) * size);
    const total = row.reduce((sum, value) => sum + value, 0);
    row.forEach((value, guess) => {
      if (value > 0) cells.push({ truth, guess, count: value, share: value / total });
    });
  }
  return cells;
}

function shadeOf(share: number): number {
  return Math.max(
    0,
    shadeSteps.findLastIndex((step) => share >= step),
  );
}

/** Digit, capital, small letter or other: a line is drawn where the kind changes. */
function kindOf(name: string): string {
  if (/^\p{Nd}$/u.test(name)) return 'digit';
  if (/^\p{Lu}$/u.test(name)) return 'capital';
  if (/^\p{Ll}$/u.test(name)) return 'small';
  return 'other';
}

/**
 * A confusion matrix: a row a true class, a column a predicted one, shaded by the share of the true class.
 * At most `mostHeatMapClasses` classes.
 */
export function heatMap(chart: HeatMap): Markup {
  const { classes } = chart;
  const side = at(Math.max(4, Math.min(40, 660 / classes.length)));
  const longest = Math.max(...classes.map((name) => shortened(name, 14).length));
  const margin = longest <= 2 ? 22 : 12 + longest * 6.5;
  const extent = at(side * classes.length);
  const place = (index: number): number => at(margin + index * side);
  const cells = cellsOf(chart);
  const shades = shadeSteps.map((_, shade) => {
    const path = cells.filter((cell) => shadeOf(cell.share) === shade);
    const drawn = path.map((cell) => `M${place(cell.guess)} ${place(cell.truth)}h${side}v${side}h-${side}z`).join('');
    return drawn === '' ? undefined : html`<path class="shade-${shade}" d="${drawn}"/>`;
  });
  return svg({
    ...chart,
    width: Math.ceil(margin + Math.max(extent, axisWidth) + 24),
    height: Math.ceil(margin + extent + 36),
    body: [
      html`<rect class="frame" x="${margin}" y="${margin}" width="${extent}" height="${extent}"/>`,
      html`<g class="${familyColour(chart.family)}">${shades}</g>`,
      separators(classes, place, margin, extent),
      classLabels(classes, place, side, margin, extent, longest),
      html`<g class="counts${side >= 16 ? ' shown' : ''}" font-size="${at(side * 0.5)}" text-anchor="middle">${countTexts(cells, place, side)}</g>`,
      html`<g class="hover">${hovers(cells, chart, place, side)}</g>`,
      extent < axisWidth
        ? html`<text class="axis" x="${margin}" y="${margin + extent + 30}">${axisText}</text>`
        : html`<text class="axis" x="${margin + extent / 2}" y="${margin + extent + 30}" text-anchor="middle">${axisText}</text>`,
    ],
  });
}

function countTexts(cells: readonly Cell[], place: (index: number) => number, side: number): Markup[] {
  return cells
    .toSorted((left, right) => right.count - left.count)
    .slice(0, countedCells)
    .map((cell) => {
      const [x, y] = [at(place(cell.guess) + side / 2), at(place(cell.truth) + side * 0.68)];
      return html`<text${shadeOf(cell.share) >= darkShade ? html` class="on-dark"` : undefined} x="${x}" y="${y}">${cell.count}</text>`;
    });
}

function separators(
  classes: readonly string[],
  place: (index: number) => number,
  margin: number,
  extent: number,
): Markup | undefined {
  const changes = classes.flatMap((name, index) =>
    index > 0 && kindOf(name) !== kindOf(classes[index - 1] ?? '') ? [place(index)] : [],
  );
  if (changes.length === 0) return undefined;
  const end = margin + extent;
  return html`<path class="separator" d="${changes.map((x) => `M${x} ${margin}V${end}M${margin} ${x}H${end}`).join('')}"/>`;
}

function classLabels(
  classes: readonly string[],
  place: (index: number) => number,
  side: number,
  margin: number,
  extent: number,
  longest: number,
): Markup | undefined {
  if (side < 7) return undefined;
  const font = at(Math.min(12, side * 0.8));
  const labels = classes.map((name, index) => {
    const [text, middle] = [shortened(name, 14), at(place(index) + side / 2)];
    const above =
      longest <= 2
        ? html`<text x="${middle}" y="${margin - 5}" text-anchor="middle">${text}</text><text x="${middle}" y="${at(margin + extent + 11)}" text-anchor="middle">${text}</text>`
        : html`<text x="${middle}" y="${margin - 5}" transform="rotate(-90 ${middle} ${margin - 5})" dominant-baseline="central">${text}</text>`;
    const right = html`<text x="${at(margin + extent + 5)}" y="${middle}" dominant-baseline="central">${text}</text>`;
    return html`${above}<text x="${margin - 5}" y="${middle}" text-anchor="end" dominant-baseline="central">${text}</text>${longest <= 2 ? right : undefined}`;
  });
  return html`<g class="classes" font-size="${font}">${labels}</g>`;
}

function hovers(cells: readonly Cell[], chart: HeatMap, place: (index: number) => number, side: number): Markup[] {
  const name = (index: number): string => shortened(chart.classes[index] ?? '', 40);
  return cells
    .toSorted((left, right) => right.count - left.count || left.truth - right.truth || left.guess - right.guess)
    .slice(0, describedCells)
    .map(
      (cell) =>
        html`<rect x="${place(cell.guess)}" y="${place(cell.truth)}" width="${side}" height="${side}"><title>${name(cell.truth)} predicted as ${name(cell.guess)}: ${count(cell.count)} (${percent(cell.share)})</title></rect>`,
    );
}
