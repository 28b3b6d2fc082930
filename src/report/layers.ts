import { graphlib, layout } from '@dagrejs/dagre';
import type { StageGraph } from './graph.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A graph that has its place on paper; all lengths in pixels, from the top left. */
export interface Layers {
  readonly width: number;
  readonly height: number;
  /** The middles of the nodes, in their order. */
  readonly centres: readonly Point[];
  /** The ways of the edges, in their order, from border to border. */
  readonly ways: readonly (readonly Point[])[];
}

export interface LayersSetting {
  /** From top to bottom, or from left to right. */
  readonly direction: 'TB' | 'LR';
  /** Between the nodes of a layer, between layers, and around all. */
  readonly gap: number;
  readonly layerGap: number;
  readonly margin: number;
  /** Sizes of the nodes, in their order. */
  readonly sizes: readonly { readonly width: number; readonly height: number }[];
}

/** Lays a graph out in layers (dagre, after E. Gansner and others, "A technique for drawing directed graphs", 1993). */
export function layOut({ nodes, edges }: StageGraph, setting: LayersSetting): Layers {
  const { direction, gap, layerGap, margin, sizes } = setting;
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: direction, nodesep: gap, ranksep: layerGap, marginx: margin, marginy: margin });
  graph.setDefaultEdgeLabel(() => ({}));
  // Names of nodes are data: numbers stand for them, so that none has a meaning to the library.
  const place = new Map(nodes.map(({ id }, index) => [id, String(index)]));
  for (const [index, size] of sizes.entries()) graph.setNode(String(index), { ...size });
  const ends = edges.map(({ from, to }) => [place.get(from) ?? '', place.get(to) ?? ''] as const);
  for (const [from, to] of ends) graph.setEdge(from, to);
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    width,
    height,
    centres: nodes.map((_, index) => {
      const { x, y } = graph.node(String(index)) as Point;
      return { x, y };
    }),
    ways: ends.map(([from, to]) => (graph.edge(from, to) as { readonly points: readonly Point[] }).points),
  };
}
