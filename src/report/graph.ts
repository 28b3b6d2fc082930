/** A box of the drawing: a stage instance, or all instances of a matrix stage. */
export interface GraphNode {
  readonly id: string;
  readonly title: string;
  /** What stands below the title: the kind, and which instances there are. */
  readonly detail: string;
  /** Of a run: whether it had to run. */
  readonly state?: 'ran' | 'cached';
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** Order only: nothing is read. */
  readonly isOrder: boolean;
}

/** The stages of a pipeline and what each takes from others; nodes come after those that they need. */
export interface StageGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** The graph without edges that a longer way says already (A. Aho, M. Garey and J. Ullman, "The transitive reduction of a directed graph", 1972). */
export function reduced({ nodes, edges }: StageGraph): StageGraph {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), to]);
  const place = new Map(nodes.map(({ id }, index) => [id, index]));
  const reaches = (start: string, goal: string): boolean => {
    const seen = new Set<string>();
    const left = (next.get(start) ?? []).filter((id) => id !== goal);
    for (let id = left.pop(); id !== undefined; id = left.pop()) {
      if (id === goal) return true;
      if (seen.has(id) || (place.get(id) ?? 0) > (place.get(goal) ?? 0)) continue;
      seen.add(id);
      left.push(...(next.get(id) ?? []));
    }
    return false;
  };
  return { nodes, edges: edges.filter(({ from, to }) => !reaches(from, to)) };
}
