import type { PastRun } from '../plan/runs.ts';
import { duration } from '../report/format.ts';
import type { GraphEdge, GraphNode, StageGraph } from '../report/graph.ts';
import type { RunStage } from '../report/run-facts.ts';
import type { Store } from '../store/store.ts';

/**
 * The stages of a run that was, and what each read of others: told by the digests of its records. Instances of a matrix stage
 * are one box; `each`: one by one. `stages`: what became of them, for the boxes to say.
 */
export function runGraph(
  store: Store,
  run: PastRun,
  { each, stages = [] }: { readonly each: boolean; readonly stages?: readonly RunStage[] },
): StageGraph {
  const group = (id: string): string => (each ? id : (id.split('[')[0] ?? id));
  const maker = new Map<string, string>();
  const members = new Map<string, string[]>();
  const edges = new Map<string, GraphEdge>();
  for (const [id, { fingerprint }] of run.stages) {
    const record = store.readRecord(fingerprint);
    members.set(group(id), [...(members.get(group(id)) ?? []), id]);
    if (record === undefined) continue;
    for (const list of Object.values(record.tree.inputs))
      for (const { digest } of list) {
        const from = maker.get(digest);
        if (from !== undefined && from !== group(id))
          edges.set(`${from}\n${group(id)}`, { from, to: group(id), isOrder: false });
      }
    for (const { digest } of Object.values(record.outputs)) if (!maker.has(digest)) maker.set(digest, group(id));
  }
  const nodes = [...members].map(([id, all]): GraphNode => {
    const inside = all.filter((one) => one !== id).map((one) => one.slice(id.length + 1, -1));
    const named =
      inside.length <= 4 ? inside.join(', ') : `${inside.slice(0, 3).join(', ')} and ${inside.length - 3} more`;
    const mine = stages.filter((stage) => all.includes(stage.id));
    if (mine.length === 0) return { id, title: id, detail: named };
    const isCached = mine.every(({ status }) => status === 'cached');
    const seconds = mine.reduce((sum, stage) => sum + stage.seconds, 0);
    const detail = [named, isCached ? 'cached' : duration(seconds)].filter((text) => text !== '').join(' · ');
    return { id, title: id, detail, state: isCached ? 'cached' : 'ran' };
  });
  return { nodes, edges: [...edges.values()] };
}
