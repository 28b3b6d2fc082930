import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { significant } from './format.ts';
import { html, type Markup } from './html.ts';
import { at, familyColour, horizontalAxis, svg, verticalAxis } from './svg.ts';

/** One line of a learning curve; NaN leaves a gap. */
export interface Curve {
  /** Stands at its end. */
  readonly name: string;
  readonly isDashed: boolean;
  readonly values: readonly number[];
}

export interface CurveChart {
  readonly id: string;
  readonly title: string;
  readonly family: number;
  readonly epochs: readonly number[];
  readonly curves: readonly Curve[];
  /** Thin lines behind them, of which they are the means; a single value is a dot. */
  readonly members?: readonly Curve[];
  /** Range of the values over all families, so that their charts compare. */
  readonly range: readonly [number, number];
}

const size = { width: 340, height: 210, left: 44, right: 262, top: 10, bottom: 168 };

/** Smallest and largest of the finite values, and [0, 1] of none. */
export function finiteRange(values: readonly number[]): readonly [number, number] {
  const finite = values.filter((value) => Number.isFinite(value));
  if (finite.length === 0) return [0, 1];
  return [Math.min(...finite), Math.max(...finite)];
}

/** A quantity over the epochs, each line named at its end. */
export function curveChart(chart: CurveChart): Markup {
  const first = chart.epochs[0] ?? 0;
  const last = chart.epochs[chart.epochs.length - 1] ?? first;
  const across = scaleLinear([first, Math.max(last, first + 1)], [size.left, size.right]);
  const up = scaleLinear(chart.range, [size.bottom, size.top]).nice(4);
  const ticks = across.ticks(Math.min(6, chart.epochs.length)).filter(Number.isInteger);
  const place: Places = { across: (value) => across(value), up: (value) => up(value) };
  const shown = chart.curves.filter((curve) => curve.values.some((value) => Number.isFinite(value)));
  return svg({
    id: chart.id,
    title: chart.title,
    description: shown.map((curve) => describeCurve(curve)).join('; '),
    width: size.width,
    height: size.height,
    body: [
      verticalAxis({ ticks: up.ticks(4), place: (tick) => up(tick), format: String }, size.left, size.right),
      horizontalAxis({ ticks, place: (tick) => across(tick), format: String }, size.bottom, size.bottom),
      html`<text class="axis" x="${(size.left + size.right) / 2}" y="${size.bottom + 32}" text-anchor="middle">epoch</text>`,
      html`<g class="${familyColour(chart.family)}">${(chart.members ?? []).map((curve) => member(chart, curve, place))}${drawCurves(chart, shown, place)}</g>`,
    ],
  });
}

function describeCurve(curve: Curve): string {
  const finite = curve.values.filter((value) => Number.isFinite(value));
  const [start, end] = [finite[0] ?? Number.NaN, finite[finite.length - 1] ?? Number.NaN];
  return `${curve.name} from ${significant(start, 3)} to ${significant(end, 3)}`;
}

interface Places {
  readonly across: (epoch: number) => number;
  readonly up: (value: number) => number;
}

function pathOf({ epochs }: CurveChart, { values }: Curve, { across, up }: Places): string {
  const points = epochs.map((epoch, row): [number, number] => [across(epoch), values[row] ?? Number.NaN]);
  const path = line<[number, number]>()
    .defined(([, value]) => Number.isFinite(value))
    .x(([x]) => at(x))
    .y(([, value]) => at(up(value)));
  return path(points) ?? '';
}

function member(chart: CurveChart, curve: Curve, place: Places): Markup {
  const known = curve.values.filter((value) => Number.isFinite(value));
  const row = lastFinite(curve.values);
  const title = html`<title>${curve.name}</title>`;
  if (known.length === 1)
    return html`<circle class="fold-end" cx="${at(place.across(chart.epochs[row] ?? 0))}" cy="${at(place.up(known[0] ?? 0))}" r="2.5">${title}</circle>`;
  return html`<path class="curve thin${curve.isDashed ? ' dashed' : ''}" d="${pathOf(chart, curve, place)}">${title}</path>`;
}

function drawCurves(chart: CurveChart, curves: readonly Curve[], place: Places): Markup[] {
  const ends = curves.map((curve) => lastFinite(curve.values));
  const heights = ends.map((row, index) => place.up(curves[index]?.values[row] ?? 0));
  const apart = separated(heights);
  return curves.map((curve, index) => {
    const x = at(place.across(chart.epochs[ends[index] ?? 0] ?? 0));
    return html`<path class="curve${curve.isDashed ? ' dashed' : ''}" d="${pathOf(chart, curve, place)}"/><circle class="mark" cx="${x}" cy="${at(heights[index] ?? 0)}" r="3"/><text class="value" x="${x + 7}" y="${at((apart[index] ?? 0) + 4)}">${curve.name}</text>`;
  });
}

function lastFinite(values: readonly number[]): number {
  return Math.max(
    0,
    values.findLastIndex((value) => Number.isFinite(value)),
  );
}

/** The end labels of two lines that meet are put one below the other. */
function separated(heights: readonly number[]): number[] {
  const [first, second] = heights;
  if (first === undefined || second === undefined || Math.abs(first - second) >= 13) return [...heights];
  const middle = Math.min((first + second) / 2, size.bottom - 7);
  return first <= second ? [middle - 6.5, middle + 6.5] : [middle + 6.5, middle - 6.5];
}
