/** A node of a directed graph and what must come before it. */
export interface Ordered {
  readonly id: string;
  readonly after: readonly string[];
}

/**
 * The nodes so that each comes after what it needs, otherwise in the given order (Kahn, 1962); or the nodes of a
 * shortest cycle, first one repeated at the end, when there is none such order.
 */
export function topologicalOrder<Node extends Ordered>(
  nodes: readonly Node[],
): { readonly order: Node[] } | { readonly cycle: string[] } {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const waiting = new Map(nodes.map((node) => [node.id, new Set(node.after)]));
  const followers = new Map<string, string[]>(nodes.map((node) => [node.id, []]));
  for (const node of nodes) for (const before of new Set(node.after)) followers.get(before)?.push(node.id);
  const ready = nodes.filter((node) => node.after.length === 0).map((node) => node.id);
  const order: Node[] = [];
  for (let next = 0; next < ready.length; next++) {
    const id = ready[next] as string;
    order.push(byId.get(id) as Node);
    for (const follower of followers.get(id) ?? []) {
      const left = waiting.get(follower);
      left?.delete(id);
      if (left?.size === 0) ready.push(follower);
    }
  }
  if (order.length === nodes.length) return { order };
  return { cycle: shortestCycle(nodes.filter((node) => (waiting.get(node.id)?.size ?? 0) > 0)) };
}

/** Breadth-first search from each node back to itself. */
function shortestCycle(nodes: readonly Ordered[]): string[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  let best: string[] = [];
  for (const start of nodes) {
    const paths: string[][] = [[start.id]];
    const seen = new Set<string>();
    for (let next = 0; next < paths.length; next++) {
      const path = paths[next] as string[];
      for (const before of byId.get(path.at(-1) as string)?.after ?? []) {
        if (before === start.id && (best.length === 0 || path.length + 1 < best.length)) best = [...path, start.id];
        if (!byId.has(before) || seen.has(before)) continue;
        seen.add(before);
        paths.push([...path, before]);
      }
    }
  }
  return best;
}
