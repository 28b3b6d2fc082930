import { join } from 'node:path';
import { journalFile } from '../events/journal.ts';
import { readEvents } from '../events/read-journal.ts';
import { runGraph } from '../graph/run-graph.ts';
import { orderGraph } from '../graph/stage-graph.ts';
import { stagesOf } from '../history/run-stages.ts';
import { readRun } from '../plan/runs.ts';
import { reduced, type StageGraph } from '../report/graph.ts';
import { layOut, type Point } from '../report/layers.ts';
import type { Store } from '../store/store.ts';
import { isJsonObject } from '../util/json.ts';

/** The stages of a run as the page draws them; all lengths in pixels, from the top left. */
export interface RunDrawing {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly { readonly id: string; readonly x: number; readonly y: number }[];
  readonly edges: readonly { readonly from: string; readonly to: string; readonly points: readonly Point[] }[];
}

/** Size of a stage's box. */
const box = { width: 194, height: 52 };
/** More stages than that are only listed: to lay out so many takes seconds, and nobody reads the picture. */
const mostDrawn = 250;
const nowhere: Point = { x: 0, y: 0 };

/** The drawing of a run's stages, instance by instance. */
export function drawRun(store: Store, run: string): RunDrawing {
  const graph = graphOfRun(store, run);
  return graph.nodes.length > mostDrawn ? listed(graph) : drawGraph(reduced(graph));
}

/** As the run told at its start; of a run of an older version, which did not, as its records say. */
function graphOfRun(store: Store, run: string): StageGraph {
  const path = join(store.layout.run(run), journalFile);
  for (const event of readEvents(path)) {
    if (event.type !== 'run-started') continue;
    const { stages, after } = event;
    // What a journal says beside what every event needs is not checked yet.
    if (!Array.isArray(stages) || !isJsonObject(after)) break;
    const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
    return orderGraph(
      stages.map(String),
      Object.fromEntries(Object.entries(after).map(([id, before]) => [id, texts(before)])),
    );
  }
  const past = readRun(store.layout, run);
  const { nodes, edges } = past === undefined ? { nodes: [], edges: [] } : runGraph(store, past, { each: true });
  // What has not ended has no record yet: it stands alone.
  const all = new Set([...nodes.map(({ id }) => id), ...stagesOf(readEvents(path))]);
  return { nodes: [...all].map((id) => ({ id, title: id, detail: '' })), edges };
}

/** Lays a graph out from left to right, in the pipeline's order from top to bottom. */
function drawGraph(graph: StageGraph): RunDrawing {
  const sizes = graph.nodes.map(() => box);
  const { width, height, centres, ways } = layOut(graph, { direction: 'LR', gap: 14, layerGap: 22, margin: 8, sizes });
  // A picture and its mirror image are the same to the library: the one is taken that has the pipeline's order.
  const mirrored = isUpsideDown(centres);
  const placed = ({ x, y }: Point): Point => ({ x, y: mirrored ? height - y : y });
  const places = new Map(graph.nodes.map(({ id }, index) => [id, placed(centres[index] ?? nowhere)]));
  return {
    width,
    height,
    nodes: [...places].map(([id, { x, y }]) => ({ id, x: x - box.width / 2, y: y - box.height / 2 })),
    edges: graph.edges.map(({ from, to }, index) => {
      const [start, end] = [places.get(from) ?? nowhere, places.get(to) ?? nowhere];
      // Arrows leave and enter in the middle of a side, whatever direction they come from.
      const points = [
        { x: start.x + box.width / 2, y: start.y },
        ...(ways[index] ?? []).slice(1, -1).map(placed),
        { x: end.x - box.width / 2, y: end.y },
      ];
      return { from, to, points: points.filter((point, at) => isOnTheWay(point, at, points)) };
    }),
  };
}

/** Whether in most layers later stages stand above earlier ones. */
function isUpsideDown(centres: readonly Point[]): boolean {
  let down = 0;
  for (const [index, one] of centres.entries())
    for (const other of centres.slice(index + 1)) if (other.x === one.x) down += Math.sign(other.y - one.y);
  return down < 0;
}

/** Between the two ends only points that lie between them, so that no line turns back. */
function isOnTheWay(point: Point, index: number, points: readonly Point[]): boolean {
  if (index === 0 || index === points.length - 1) return true;
  return point.x > (points[0]?.x ?? 0) && point.x < (points.at(-1)?.x ?? 0);
}

/** Boxes in columns, without arrows. */
function listed({ nodes }: StageGraph): RunDrawing {
  const columns = 6;
  const [across, down] = [box.width + 12, box.height + 8];
  return {
    width: columns * across + 4,
    height: Math.ceil(nodes.length / columns) * down + 8,
    nodes: nodes.map(({ id }, index) => ({
      id,
      x: 8 + (index % columns) * across,
      y: 8 + Math.floor(index / columns) * down,
    })),
    edges: [],
  };
}
