import { shortened } from './format.ts';
import type { StageGraph } from './graph.ts';
import { html, type Markup } from './html.ts';
import { layOut, type Point } from './layers.ts';
import { at } from './svg.ts';

const boxHeight = 46;
const margin = 12;
/** Width of a character of the title and of the line below it, about, in pixels. */
const wide = 8.2;
const narrow = 6.6;
const longest = 46;

/** The drawing of a graph in layers. */
export function graphDrawing(
  graph: StageGraph,
  direction: 'down' | 'right' = 'down',
): {
  readonly width: number;
  readonly height: number;
  readonly body: Markup;
} {
  const { nodes, edges } = graph;
  const shown = nodes.map((node) => {
    const [title, detail] = [shortened(node.title, longest), shortened(node.detail, longest)];
    const width = Math.max(90, 24 + Math.max([...title].length * wide, [...detail].length * narrow));
    return { title, detail, width, state: node.state };
  });
  const sizes = shown.map(({ width }) => ({ width, height: boxHeight }));
  const setting = { gap: 24, layerGap: 34, margin, sizes };
  const laid = layOut(graph, { direction: direction === 'down' ? 'TB' : 'LR', ...setting });
  const lines = edges.map(
    ({ isOrder }, index) =>
      html`<path class="stage-edge" d="${curve(laid.ways[index] ?? [])}"${isOrder ? html` stroke-dasharray="4 4"` : undefined} marker-end="url(#arrow)"/>`,
  );
  const boxes = shown.map(({ title, detail, state, width }, index) => {
    const { x, y } = laid.centres[index] ?? { x: 0, y: 0 };
    return html`<g><rect class="stage-box${state === undefined ? '' : ` ${state}`}" x="${at(x - width / 2)}" y="${at(y - boxHeight / 2)}" width="${at(width)}" height="${boxHeight}" rx="6"/><text class="stage-title" x="${at(x)}" y="${at(detail === '' ? y + 5 : y - 3)}" text-anchor="middle">${title}</text><text class="stage-detail" x="${at(x)}" y="${at(y + 14)}" text-anchor="middle">${detail}</text></g>`;
  });
  return { width: Math.ceil(laid.width), height: Math.ceil(laid.height), body: html`${lines}${boxes}` };
}

/** A smooth line through the points that the layout gives an edge. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const parts = rest.map((point, index) => {
    const next = rest[index + 1];
    if (next === undefined) return `L${at(point.x)} ${at(point.y)}`;
    return `Q${at(point.x)} ${at(point.y)} ${at((point.x + next.x) / 2)} ${at((point.y + next.y) / 2)}`;
  });
  return `M${at(first.x)} ${at(first.y)}${parts.join('')}`;
}
