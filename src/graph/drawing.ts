import { graphlib, layout } from '@dagrejs/dagre';
import { shortened } from '../report/format.ts';
import { html, type Markup, markupText } from '../report/html.ts';
import { at } from '../report/svg.ts';
import type { StageGraph } from './stage-graph.ts';

const boxHeight = 46;
const margin = 12;
/** Width of a character of the title and of the line below it, about, in pixels. */
const wide = 8.2;
const narrow = 6.6;
const longest = 46;

interface Placed {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The drawing of a graph, laid out in layers (dagre, after E. Gansner and others, "A technique for drawing directed graphs", 1993). */
export function graphDrawing({ nodes, edges }: StageGraph): {
  readonly width: number;
  readonly height: number;
  readonly body: Markup;
} {
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: 'TB', nodesep: 24, ranksep: 34, marginx: margin, marginy: margin });
  graph.setDefaultEdgeLabel(() => ({}));
  const shown = nodes.map((node, index) => {
    const [title, detail] = [shortened(node.title, longest), shortened(node.detail, longest)];
    const width = Math.max(90, 24 + Math.max([...title].length * wide, [...detail].length * narrow));
    graph.setNode(String(index), { width, height: boxHeight });
    return { title, detail };
  });
  const place = new Map(nodes.map(({ id }, index) => [id, String(index)]));
  for (const { from, to } of edges) graph.setEdge(place.get(from) ?? '', place.get(to) ?? '');
  layout(graph);
  const lines = edges.map(({ from, to, isOrder }) => {
    const { points } = graph.edge(place.get(from) ?? '', place.get(to) ?? '') as { points: { x: number; y: number }[] };
    return html`<path class="stage-edge" d="${curve(points)}"${isOrder ? html` stroke-dasharray="4 4"` : undefined} marker-end="url(#arrow)"/>`;
  });
  const boxes = shown.map(({ title, detail }, index) => {
    const { x, y, width, height } = graph.node(String(index)) as Placed;
    return html`<g><rect class="stage-box" x="${at(x - width / 2)}" y="${at(y - height / 2)}" width="${at(width)}" height="${height}" rx="6"/><text class="stage-title" x="${at(x)}" y="${at(detail === '' ? y + 5 : y - 3)}" text-anchor="middle">${title}</text><text class="stage-detail" x="${at(x)}" y="${at(y + 14)}" text-anchor="middle">${detail}</text></g>`;
  });
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return { width: Math.ceil(width), height: Math.ceil(height), body: html`${lines}${boxes}` };
}

/** A smooth line through the points that the layout gives an edge. */
function curve(points: readonly { readonly x: number; readonly y: number }[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const parts = rest.map((point, index) => {
    const next = rest[index + 1];
    if (next === undefined) return `L${at(point.x)} ${at(point.y)}`;
    return `Q${at(point.x)} ${at(point.y)} ${at((point.x + next.x) / 2)} ${at((point.y + next.y) / 2)}`;
  });
  return `M${at(first.x)} ${at(first.y)}${parts.join('')}`;
}

/** The drawing as a file of its own, readable on light and dark ground. */
export function graphSvg(graph: StageGraph, title: string): string {
  const { width, height, body } = graphDrawing(graph);
  return `${markupText(html`<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${title}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"><title>${title}</title><style>text { font: 14px system-ui, sans-serif; fill: #1c2126; } .stage-title { font-weight: 600; } .stage-detail { font-size: 11.5px; fill: #59636e; } .stage-box { fill: #f5f7f9; stroke: #9aa4af; } .stage-edge { fill: none; stroke: #7a8590; stroke-width: 1.3; } .stage-head { fill: #7a8590; } @media (prefers-color-scheme: dark) { text { fill: #e4e8ec; } .stage-detail { fill: #a0a9b3; } .stage-box { fill: #1d2126; stroke: #59636e; } }</style><defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="stage-head" d="M0 0L8 4L0 8z"/></marker></defs>${body}</svg>`)}\n`;
}
