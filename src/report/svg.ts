import { type Content, html, type Markup } from './html.ts';

/** A chart as data: what it is called, what a person who cannot see it should know, and its drawing. */
export interface Chart {
  /** Unique in the page; made of fixed words and family numbers. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Size in CSS pixels before scaling. */
  readonly width: number;
  readonly height: number;
  readonly body: Content;
}

/** An inline SVG with title and description for screen readers; it shrinks with the page and never grows. */
export function svg(chart: Chart): Markup {
  const { id, width, height } = chart;
  return html`<svg class="chart" role="img" aria-labelledby="${id}-title ${id}-text" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"><title id="${id}-title">${chart.title}</title><desc id="${id}-text">${chart.description}</desc>${chart.body}</svg>`;
}

/** A coordinate with two decimals, to keep the page small. */
export function at(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Where an axis lies and how it is marked. */
export interface Axis {
  readonly ticks: readonly number[];
  readonly place: (tick: number) => number;
  readonly format: (tick: number) => string;
}

/** Vertical grid lines from `top` to `bottom` with labels below. */
export function horizontalAxis(axis: Axis, top: number, bottom: number): Markup[] {
  return axis.ticks.map((tick) => {
    const x = at(axis.place(tick));
    return html`<line class="grid" x1="${x}" x2="${x}" y1="${top}" y2="${bottom}"/><text class="tick" x="${x}" y="${bottom + 14}" text-anchor="middle">${axis.format(tick)}</text>`;
  });
}

/** Horizontal grid lines from `left` to `right` with labels to the left. */
export function verticalAxis(axis: Axis, left: number, right: number): Markup[] {
  return axis.ticks.map((tick) => {
    const y = at(axis.place(tick));
    return html`<line class="grid" x1="${left}" x2="${right}" y1="${y}" y2="${y}"/><text class="tick" x="${left - 6}" y="${at(y + 3.5)}" text-anchor="end">${axis.format(tick)}</text>`;
  });
}

/** The class that gives a family its colour in every chart; see style.ts. */
export function familyColour(index: number): string {
  return `family-${index % familyColours}`;
}

/** Families beyond this number start over with the first colour; marks are labelled, so colour is never all there is. */
export const familyColours = 8;
