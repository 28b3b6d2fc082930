import type { GraphNode, StageGraph } from '../report/graph.ts';

/** A line of the drawing: the lanes, and the node that stands in one of them. */
export interface LaneLine {
  readonly lanes: string;
  readonly node?: GraphNode;
}

/**
 * A graph as text, the way version control shows histories: a node a line, a lane for each edge on its way down.
 */
export function laneLines(graph: StageGraph): LaneLine[] {
  const children = new Map<string, string[]>();
  const order = new Map(graph.nodes.map(({ id }, index) => [id, index]));
  for (const { from, to } of graph.edges) children.set(from, [...(children.get(from) ?? []), to]);
  /** What each lane leads to. */
  const lanes: (string | undefined)[] = [];
  const lines: LaneLine[] = [];
  for (const node of graph.nodes) {
    const arriving = lanes.flatMap((target, lane) => (target === node.id ? [lane] : []));
    const own = arriving[0] ?? free(lanes, 0);
    if (arriving.length > 1) lines.push({ lanes: joint(lanes, own, arriving.slice(1), ['╯', '┴']) });
    for (const lane of arriving) lanes[lane] = undefined;
    lanes[own] = node.id;
    lines.push({ lanes: row(lanes, own), node });
    const next = [...(children.get(node.id) ?? [])].sort(
      (one, other) => (order.get(one) ?? 0) - (order.get(other) ?? 0),
    );
    lanes[own] = next[0];
    const made = next.slice(1).map((target) => {
      const lane = free(lanes, own + 1);
      lanes[lane] = target;
      return lane;
    });
    if (made.length > 0) lines.push({ lanes: joint(lanes, own, made, ['╮', '┬']) });
    while (lanes.length > 0 && lanes.at(-1) === undefined) lanes.pop();
  }
  return lines;
}

/** The first lane from a place on that leads nowhere. */
function free(lanes: readonly (string | undefined)[], from: number): number {
  for (let lane = from; lane < lanes.length; lane++) if (lanes[lane] === undefined) return lane;
  return Math.max(from, lanes.length);
}

function row(lanes: readonly (string | undefined)[], node: number): string {
  const marks = lanes.map((target, lane) => (lane === node ? '●' : target === undefined ? ' ' : '│'));
  return marks.join(' ').trimEnd();
}

/** Lanes that part from one, or come together in it, on its right. */
function joint(
  lanes: readonly (string | undefined)[],
  own: number,
  others: readonly number[],
  [last, between]: readonly [string, string],
): string {
  const furthest = Math.max(...others);
  const inside = (lane: number): string => {
    if (others.includes(lane)) return between;
    return lanes[lane] === undefined ? '─' : '┼';
  };
  const markOf = (lane: number): string => {
    if (lane === own) return '├';
    if (lane === furthest) return last;
    if (lane > own && lane < furthest) return inside(lane);
    return lanes[lane] === undefined ? ' ' : '│';
  };
  return Array.from({ length: Math.max(lanes.length, furthest + 1) }, (_, lane) =>
    lane >= own && lane < furthest ? `${markOf(lane)}─` : `${markOf(lane)} `,
  )
    .join('')
    .trimEnd();
}
