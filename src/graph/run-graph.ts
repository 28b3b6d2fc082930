import type { PastRun } from '../plan/runs.ts';
import type { Store } from '../store/store.ts';
import type { GraphEdge, StageGraph } from './stage-graph.ts';

/** The stages of a run that was, and what each read of others: told by the digests of its records. */
export function runGraph(store: Store, run: PastRun): StageGraph {
  const records = [...run.stages].map(([id, { fingerprint }]) => ({ id, record: store.readRecord(fingerprint) }));
  const group = (id: string): string => id.split('[')[0] ?? id;
  const maker = new Map<string, string>();
  const members = new Map<string, string[]>();
  const kinds = new Map<string, string>();
  const edges = new Map<string, GraphEdge>();
  for (const { id, record } of records) {
    members.set(group(id), [...(members.get(group(id)) ?? []), id]);
    if (record === undefined) continue;
    kinds.set(group(id), record.tree.kind);
    for (const list of Object.values(record.tree.inputs))
      for (const { digest } of list) {
        const from = maker.get(digest);
        if (from !== undefined && from !== group(id))
          edges.set(`${from}\n${group(id)}`, { from, to: group(id), isOrder: false });
      }
    for (const { digest } of Object.values(record.outputs)) if (!maker.has(digest)) maker.set(digest, group(id));
  }
  const nodes = [...members].map(([id, all]) => {
    const inside = all.filter((one) => one !== id).map((one) => one.slice(id.length + 1, -1));
    const kind = kinds.get(id) === id ? '' : (kinds.get(id) ?? '');
    const named =
      inside.length <= 4 ? inside.join(', ') : `${inside.slice(0, 3).join(', ')} and ${inside.length - 3} more`;
    return { id, title: id, detail: [kind, named].filter((text) => text !== '').join(': ') };
  });
  return { nodes, edges: [...edges.values()] };
}
