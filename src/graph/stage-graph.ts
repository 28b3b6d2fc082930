import type { StageInstance } from '../pipeline/pipeline.ts';
import type { GraphEdge, GraphNode, StageGraph } from '../report/graph.ts';

/** Draws instances together that come of one matrix stage; `each`: one by one. */
export function stageGraph(instances: readonly StageInstance[], { each }: { readonly each: boolean }): StageGraph {
  const nodeOf = (instance: Pick<StageInstance, 'id' | 'stage'>): string => (each ? instance.id : instance.stage);
  const byId = new Map(instances.map((instance) => [instance.id, instance]));
  const groups = new Map<string, StageInstance[]>();
  for (const instance of instances) {
    const members = groups.get(nodeOf(instance));
    if (members === undefined) groups.set(nodeOf(instance), [instance]);
    else members.push(instance);
  }
  const edges = new Map<string, GraphEdge>();
  for (const instance of instances) {
    const read = new Set(Object.values(instance.inputs).flatMap((list) => list.map((input) => input.instance)));
    for (const before of instance.after) {
      const source = byId.get(before);
      // A part of a pipeline may be drawn whose first stages are left out.
      if (source === undefined) continue;
      const [from, to] = [nodeOf(source), nodeOf(instance)];
      const isOrder = !read.has(before);
      const known = edges.get(`${from}\n${to}`);
      if (from !== to && known?.isOrder !== false) edges.set(`${from}\n${to}`, { from, to, isOrder });
    }
  }
  const nodes = [...groups].map(([id, members]) => ({ id, title: id, detail: detailOf(members, each) }));
  return { nodes: inOrder(nodes, [...edges.values()]), edges: [...edges.values()] };
}

/** The graph of an order that is told: for each id those that come before it. What is not among the ids is left out. */
export function orderGraph(ids: readonly string[], before: Readonly<Record<string, readonly string[]>>): StageGraph {
  const known = new Set(ids);
  const edges = [...known].flatMap((to) =>
    [...new Set(before[to] ?? [])]
      .filter((from) => from !== to && known.has(from))
      .map((from) => ({ from, to, isOrder: false })),
  );
  return {
    nodes: inOrder(
      [...known].map((id) => ({ id, title: id, detail: '' })),
      edges,
    ),
    edges,
  };
}

function detailOf(members: readonly StageInstance[], each: boolean): string {
  const own = members[0]?.loaded.kind.kind ?? '';
  // Most stages are called as their kind is.
  const kind = own === members[0]?.stage ? '' : own;
  if (each || members.length === 1) return kind;
  const inside = members.map(({ id, stage }) => id.slice(stage.length + 1, -1));
  const named =
    inside.length <= 4 ? inside.join(', ') : `${inside.slice(0, 3).join(', ')} and ${inside.length - 3} more`;
  return kind === '' ? named : `${kind}: ${named}`;
}

/** Each node after those that it needs, else in the order given (instances of one stage may have others between them). */
function inOrder(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): GraphNode[] {
  const left = new Set(nodes);
  const ordered: GraphNode[] = [];
  while (left.size > 0) {
    const waiting = new Set([...left].map(({ id }) => id));
    const ready = [...left].filter(({ id }) => !edges.some(({ from, to }) => to === id && waiting.has(from)));
    // Groups may need each other where their instances do not: they are drawn in the file's order then.
    for (const node of ready.length > 0 ? ready : [...left].slice(0, 1)) {
      ordered.push(node);
      left.delete(node);
    }
  }
  return ordered;
}
