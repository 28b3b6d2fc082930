import { type ComponentChild, h } from 'preact';
import { numberText } from './text.ts';

/** A curve to be drawn. */
export interface Line {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  readonly isRunning: boolean;
  readonly isSelected: boolean;
}

interface CurveChartProps {
  readonly lines: readonly Line[];
  /** Pixels. */
  readonly width: number;
  readonly measure: string;
  /** An epoch that there is to be room for. */
  readonly until: number;
}

const height = 240;
const margin = { top: 10, right: 14, bottom: 34, left: 46 };

/** Curves over epochs. */
export function CurveChart({ lines, width, measure, until }: CurveChartProps): ComponentChild {
  const points = lines.flatMap((line) => line.points);
  const [left, right] = range([...points.map(({ x }) => x), until]);
  const [low, high] = padded(range(points.map(({ y }) => y)));
  const inner = {
    width: Math.max(50, width - margin.left - margin.right),
    height: height - margin.top - margin.bottom,
  };
  const x = (value: number): number =>
    margin.left + (right === left ? 0.5 : (value - left) / (right - left)) * inner.width;
  const y = (value: number): number => margin.top + (1 - (value - low) / (high - low)) * inner.height;
  const inOrder = [...lines].sort((one, other) => rank(one) - rank(other));
  return h(
    'svg',
    {
      class: 'chart',
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      'aria-label': `${lines.length} curves of ${measure} over epochs, from ${numberText(low)} to ${numberText(high)}`,
    },
    ticks(low, high, 5).map((value) =>
      h(
        'g',
        { key: `y${value}` },
        h('line', { class: 'grid-line', x1: margin.left, x2: width - margin.right, y1: y(value), y2: y(value) }),
        h('text', { class: 'tick', x: margin.left - 8, y: y(value) + 4, 'text-anchor': 'end' }, numberText(value)),
      ),
    ),
    ticks(left, right, Math.min(10, inner.width / 60))
      .filter(Number.isInteger)
      .map((value) =>
        h('text', { key: `x${value}`, class: 'tick', x: x(value), y: height - 16, 'text-anchor': 'middle' }, value),
      ),
    h('text', { class: 'tick', x: margin.left + inner.width / 2, y: height - 2, 'text-anchor': 'middle' }, 'epoch'),
    inOrder.map((line) => drawn(line, x, y)),
  );
}

/** What is looked at lies on top. */
function rank({ isSelected, isRunning }: Line): number {
  return isSelected ? 2 : isRunning ? 1 : 0;
}

function drawn(line: Line, x: (value: number) => number, y: (value: number) => number): ComponentChild {
  const { points, name, isRunning, isSelected } = line;
  const last = points.at(-1);
  const text = points.map((point) => `${x(point.x).toFixed(1)},${y(point.y).toFixed(1)}`).join(' ');
  return h(
    'g',
    { key: name, class: `line${isRunning ? ' growing' : ''}${isSelected ? ' selected' : ''}` },
    h('title', {}, last === undefined ? name : `${name}\n${last.y.toFixed(4)}`),
    h('polyline', { points: text }),
    last !== undefined && (isRunning || isSelected || points.length === 1)
      ? h('circle', { cx: x(last.x), cy: y(last.y), r: 3.5 })
      : undefined,
  );
}

function range(values: readonly number[]): readonly [number, number] {
  if (values.length === 0) return [0, 1];
  return [
    values.reduce((least, value) => Math.min(least, value)),
    values.reduce((greatest, value) => Math.max(greatest, value)),
  ];
}

/** A little room above and below, and never none. */
function padded([low, high]: readonly [number, number]): readonly [number, number] {
  const room = high > low ? (high - low) * 0.06 : Math.max(0.01, Math.abs(high) * 0.05);
  return [low - room, high + room];
}

/** Round values between two: steps of 1, 2 or 5 times a power of ten. */
export function ticks(low: number, high: number, most: number): number[] {
  const rough = (high - low) / Math.max(1, most);
  if (!(rough > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? rough;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}
