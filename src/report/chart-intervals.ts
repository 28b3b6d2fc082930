import { scaleLinear } from 'd3-scale';
import type { Interval } from '../metrics/interval.ts';
import { percent, shortened } from './format.ts';
import { html, type Markup } from './html.ts';
import { at, familyColour, horizontalAxis, svg } from './svg.ts';

export interface IntervalRow {
  readonly label: string;
  readonly family: number;
  readonly value: number;
  readonly interval: Interval;
}

const width = 460;
const left = 130;
const right = 392;
const rowHeight = 30;

/** A dot with its interval for each family on one axis that shows the range of the values, not zero. */
export function intervalChart(id: string, title: string, rows: readonly IntervalRow[]): Markup {
  const lows = rows.map((row) => row.interval.low);
  const highs = rows.map((row) => row.interval.high);
  const scale = scaleLinear([Math.min(...lows), Math.max(...highs)], [left, right]).nice(4);
  const bottom = rows.length * rowHeight + 4;
  const ticks = scale.ticks(4);
  const axis = { ticks, place: (tick: number) => scale(tick), format: percent };
  const drawn = rows.map((row, position) => {
    const y = position * rowHeight + 17;
    const [start, middle, end] = [scale(row.interval.low), scale(row.value), scale(row.interval.high)].map(at);
    return html`<g class="${familyColour(row.family)}"><text class="label" x="${left - 16}" y="${y + 4}" text-anchor="end">${shortened(row.label, 16)}</text><line class="interval" x1="${start}" x2="${end}" y1="${y}" y2="${y}"/><circle class="mark" cx="${middle}" cy="${y}" r="5.5"/><text class="value" x="${right + 12}" y="${y + 4}">${percent(row.value)}</text></g>`;
  });
  return svg({
    id,
    title,
    description: rows
      .map(
        (row) => `${row.label}: ${percent(row.value)}, ${percent(row.interval.low)} to ${percent(row.interval.high)}`,
      )
      .join('; '),
    width,
    height: bottom + 20,
    body: [horizontalAxis(axis, 2, bottom), drawn],
  });
}
