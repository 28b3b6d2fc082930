import { scaleLinear, scaleLog } from 'd3-scale';
import type { Interval } from '../metrics/interval.ts';
import { duration, percent, shortened } from './format.ts';
import { html, type Markup } from './html.ts';
import { at, familyColour, horizontalAxis, svg, verticalAxis } from './svg.ts';

export interface ScatterPoint {
  readonly label: string;
  readonly family: number;
  readonly seconds: number;
  readonly accuracy: number;
  readonly interval?: Interval;
}

const size = { width: 560, height: 320, left: 62, right: 540, top: 12, bottom: 268 };

/** Times that differ by more than this factor are drawn on a logarithmic axis. */
const logarithmicFrom = 10;

interface TimeUnit {
  readonly name: string;
  readonly seconds: number;
}

const units: readonly TimeUnit[] = [
  { name: 'hours', seconds: 3600 },
  { name: 'minutes', seconds: 60 },
  { name: 'seconds', seconds: 1 },
];

/** The largest unit of which the longest time has at least five. */
function timeUnit(points: readonly ScatterPoint[]): TimeUnit {
  const longest = Math.max(...points.map((point) => point.seconds));
  return units.find((unit) => longest >= 5 * unit.seconds) ?? { name: 'seconds', seconds: 1 };
}

function timeScale(times: readonly number[]) {
  const [shortest, longest] = [Math.min(...times), Math.max(...times)];
  if (shortest > 0 && longest / shortest > logarithmicFrom)
    return scaleLog([shortest / 1.5, longest * 1.5], [size.left, size.right]);
  return scaleLinear([0, longest * 1.15 || 1], [size.left, size.right]).nice(5);
}

function accuracyScale(points: readonly ScatterPoint[]) {
  const lows = points.map((point) => point.interval?.low ?? point.accuracy);
  const highs = points.map((point) => point.interval?.high ?? point.accuracy);
  const [low, high] = [Math.min(...lows), Math.max(...highs)];
  const margin = (high - low || 0.02) * 0.12;
  return scaleLinear([Math.max(0, low - margin), Math.min(1, high + margin)], [size.bottom, size.top]).nice(5);
}

/** Label heights, moved apart so that no two texts cover each other, in the order of `wanted`. */
export function spread(wanted: readonly number[], distance: number): number[] {
  const order = wanted.map((_, index) => index).sort((left, right) => (wanted[left] ?? 0) - (wanted[right] ?? 0));
  const placed = [...wanted];
  let previous = Number.NEGATIVE_INFINITY;
  for (const index of order) {
    previous = Math.max(wanted[index] ?? 0, previous + distance);
    placed[index] = previous;
  }
  return placed;
}

/** Accuracy against training time, a point a family with its interval. */
export function scatterChart(id: string, points: readonly ScatterPoint[]): Markup {
  const unit = timeUnit(points);
  const time = timeScale(points.map((point) => point.seconds / unit.seconds));
  const accuracy = accuracyScale(points);
  const heights = spread(
    points.map((point) => accuracy(point.accuracy)),
    15,
  );
  const ticks = time
    .ticks(5)
    .filter((tick, _, all) => all.length < 9 || /^[125]/.test(String(tick).replace(/^0\.0*/, '')));
  const drawn = points.map((point, index) => {
    const [x, y] = [at(time(point.seconds / unit.seconds)), at(accuracy(point.accuracy))];
    const text = shortened(point.label, 24);
    const before = x + 11 + 7.5 * text.length > size.width;
    const whisker = point.interval;
    return html`<g class="${familyColour(point.family)}">${whisker === undefined ? undefined : html`<line class="interval thin" x1="${x}" x2="${x}" y1="${at(accuracy(whisker.low))}" y2="${at(accuracy(whisker.high))}"/>`}<circle class="mark" cx="${x}" cy="${y}" r="6"/><text class="label" x="${before ? x - 11 : x + 11}" y="${at((heights[index] ?? y) + 4)}" text-anchor="${before ? 'end' : 'start'}">${text}</text></g>`;
  });
  return svg({
    id,
    title: 'Accuracy against training time',
    description: points
      .map((point) => `${point.label}: ${percent(point.accuracy)} after ${duration(point.seconds)} of training`)
      .join('; '),
    width: size.width,
    height: size.height,
    body: [
      verticalAxis(
        { ticks: accuracy.ticks(5), place: (tick) => accuracy(tick), format: percent },
        size.left,
        size.right,
      ),
      horizontalAxis(
        { ticks, place: (tick) => time(tick), format: (tick) => String(Number(tick.toPrecision(6))) },
        size.top,
        size.bottom,
      ),
      html`<text class="axis" x="${(size.left + size.right) / 2}" y="${size.bottom + 36}" text-anchor="middle">training time (${unit.name})</text>`,
      drawn,
    ],
  });
}
