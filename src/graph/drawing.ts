import { graphDrawing } from '../report/chart-graph.ts';
import type { StageGraph } from '../report/graph.ts';
import { html, markupText } from '../report/html.ts';

/** The drawing as a file of its own, readable on light and dark ground. */
export function graphSvg(graph: StageGraph, title: string): string {
  const { width, height, body } = graphDrawing(graph);
  return `${markupText(html`<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${title}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"><title>${title}</title><style>text { font: 14px system-ui, sans-serif; fill: #1c2126; } .stage-title { font-weight: 600; } .stage-detail { font-size: 11.5px; fill: #59636e; } .stage-box { fill: #f5f7f9; stroke: #9aa4af; } .stage-edge { fill: none; stroke: #7a8590; stroke-width: 1.3; } .stage-head { fill: #7a8590; } @media (prefers-color-scheme: dark) { text { fill: #e4e8ec; } .stage-detail { fill: #a0a9b3; } .stage-box { fill: #1d2126; stroke: #59636e; } }</style><defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="stage-head" d="M0 0L8 4L0 8z"/></marker></defs>${body}</svg>`)}\n`;
}
