import { scaleLinear, scaleLog } from 'd3-scale';
import type { Interval } from '../metrics/interval.ts';
import { percent, shortened } from './format.ts';
import { html, type Markup } from './html.ts';
import { paretoFront } from './pareto.ts';
import { spread } from './spread.ts';
import { at, familyColour, horizontalAxis, svg, verticalAxis } from './svg.ts';

export interface ScatterPoint {
  readonly label: string;
  readonly family: number;
  /** In the chart's unit. */
  readonly cost: number;
  /** The cost as people read it. */
  readonly text: string;
  readonly score: number;
  readonly interval?: Interval;
}

export interface ScatterChart {
  readonly id: string;
  readonly title: string;
  /** What the axis of costs says: "training time (seconds)". */
  readonly axis: string;
  readonly format: (tick: number) => string;
  readonly points: readonly ScatterPoint[];
}

const size = { width: 386, height: 290, left: 58, right: 364, top: 10, bottom: 240 };

/** Costs that differ by more than this factor are drawn on a logarithmic axis. */
const logarithmicFrom = 10;

function costScale(costs: readonly number[]) {
  const [least, most] = [Math.min(...costs), Math.max(...costs)];
  if (least > 0 && most / least > logarithmicFrom) return scaleLog([least / 1.5, most * 1.5], [size.left, size.right]);
  return scaleLinear([0, most * 1.15 || 1], [size.left, size.right]).nice(4);
}

function scoreScale(points: readonly ScatterPoint[]) {
  const lows = points.map((point) => point.interval?.low ?? point.score);
  const highs = points.map((point) => point.interval?.high ?? point.score);
  const [low, high] = [Math.min(...lows), Math.max(...highs)];
  const margin = (high - low || 0.02) * 0.12;
  return scaleLinear([Math.max(0, low - margin), Math.min(1, high + margin)], [size.bottom, size.top]).nice(5);
}

/** The score against a cost, a point a family with its interval; a line joins those of the Pareto front. */
export function scatterChart({ id, title, axis, format, points }: ScatterChart): Markup {
  const cost = costScale(points.map((point) => point.cost));
  const score = scoreScale(points);
  const front = paretoFront(points);
  const heights = spread(
    points.map((point) => score(point.score)),
    15,
  );
  const ticks = cost
    .ticks(4)
    .filter((tick, _, all) => all.length < 8 || /^[125]/.test(String(tick).replace(/^0\.0*/, '')));
  const drawn = points.map((point, index) => {
    const [x, y] = [at(cost(point.cost)), at(score(point.score))];
    const text = shortened(point.label, 20);
    const before = x + 11 + 7.5 * text.length > size.width;
    const whisker = point.interval;
    const ring = front.includes(point) ? html`<circle class="ring" cx="${x}" cy="${y}" r="9"/>` : undefined;
    return html`<g class="${familyColour(point.family)}"><title>${point.label}: ${percent(point.score)}, ${point.text}</title>${whisker === undefined ? undefined : html`<line class="interval thin" x1="${x}" x2="${x}" y1="${at(score(whisker.low))}" y2="${at(score(whisker.high))}"/>`}${ring}<circle class="mark" cx="${x}" cy="${y}" r="5.5"/><text class="label halo" x="${before ? x - 13 : x + 13}" y="${at((heights[index] ?? y) + 4)}" text-anchor="${before ? 'end' : 'start'}">${text}</text></g>`;
  });
  return svg({
    id,
    title,
    description: `${points.map((point) => `${point.label}: ${percent(point.score)}, ${point.text}`).join('; ')}. On the Pareto front: ${front.map(({ label }) => label).join(', ')}.`,
    width: size.width,
    height: size.height,
    body: [
      verticalAxis({ ticks: score.ticks(5), place: (tick) => score(tick), format: percent }, size.left, size.right),
      horizontalAxis({ ticks, place: (tick) => cost(tick), format }, size.top, size.bottom),
      html`<text class="axis" x="${(size.left + size.right) / 2}" y="${size.bottom + 36}" text-anchor="middle">${axis}</text>`,
      frontLine(
        front,
        (value) => cost(value),
        (value) => score(value),
      ),
      drawn,
    ],
  });
}

/** Steps, not straight lines: between two models of the front there is none that has a bit of both. */
function frontLine(
  front: readonly ScatterPoint[],
  x: (cost: number) => number,
  y: (score: number) => number,
): Markup | undefined {
  const [first, ...rest] = front;
  if (first === undefined || rest.length === 0) return undefined;
  const steps = rest.map((point) => `H${at(x(point.cost))}V${at(y(point.score))}`);
  return html`<path class="front" d="M${at(x(first.cost))} ${at(y(first.score))}${steps.join('')}"/>`;
}
