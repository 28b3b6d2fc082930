import { scaleLinear } from 'd3-scale';
import type { Interval } from '../metrics/interval.ts';
import { shortened } from './format.ts';
import { html, type Markup } from './html.ts';
import { at, familyColour, horizontalAxis, svg } from './svg.ts';

export interface Bar {
  readonly label: string;
  /** Position of the family, for its colour. */
  readonly family: number;
  readonly value: number | undefined;
  /** The value as it is written beside the bar. */
  readonly text: string;
  readonly interval?: Interval;
}

export interface BarChart {
  readonly id: string;
  readonly title: string;
  readonly bars: readonly Bar[];
  /** End of the axis, which starts at 0; the largest value where it is left out. */
  readonly end?: number;
  readonly format: (tick: number) => string;
}

const width = 340;
const left = 4;
const right = 268;
const rowHeight = 34;

/** Horizontal bars from 0, one a family, labelled above and valued at the end; whiskers show intervals. */
export function barChart(chart: BarChart): Markup {
  const values = chart.bars.map((bar) => bar.value ?? 0);
  const scale = scaleLinear([0, chart.end ?? (Math.max(...values, 0) || 1)], [left, right]);
  if (chart.end === undefined) scale.nice(4);
  const bottom = chart.bars.length * rowHeight + 4;
  const axis = { ticks: scale.ticks(4), place: (tick: number) => scale(tick), format: chart.format };
  const bars = chart.bars.map((bar, row) => drawBar(bar, row * rowHeight, (value) => scale(value)));
  return svg({
    id: chart.id,
    title: chart.title,
    description: chart.bars.map((bar) => `${bar.label}: ${bar.text}`).join('; '),
    width,
    height: bottom + 20,
    body: [horizontalAxis(axis, 2, bottom), bars],
  });
}

function drawBar(bar: Bar, top: number, place: (value: number) => number): Markup {
  const end = place(bar.value ?? 0);
  const whisker = bar.interval;
  const textStart = Math.max(end, whisker === undefined ? 0 : place(whisker.high)) + 7;
  const middle = top + 23;
  return html`<g class="${familyColour(bar.family)}"><text class="label" x="${left}" y="${top + 13}">${shortened(bar.label, 40)}</text><rect class="mark" x="${left}" y="${top + 18}" width="${at(Math.max(0, end - left))}" height="10" rx="1.5"/>${whisker === undefined ? undefined : html`<path class="whisker" d="M${at(place(whisker.low))} ${middle}H${at(place(whisker.high))}M${at(place(whisker.low))} ${middle - 3}v6M${at(place(whisker.high))} ${middle - 3}v6"/>`}<text class="value" x="${at(textStart)}" y="${top + 27}">${bar.text}</text></g>`;
}
