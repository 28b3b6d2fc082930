import { runGraph } from '../graph/run-graph.ts';
import { mermaidText } from '../graph/texts.ts';
import { timelineOf } from '../history/run-timeline.ts';
import { stagesOfRun } from '../history/stages-of-run.ts';
import type { PastRun } from '../plan/runs.ts';
import { graphDrawing } from '../report/chart-graph.ts';
import { reduced } from '../report/graph.ts';
import type { RunFacts } from '../report/run-facts.ts';
import type { JobRecord } from '../store/record.ts';
import type { Store } from '../store/store.ts';

/** With more instances than this they are drawn together, a box a stage. */
const mostInstances = 40;

/** How a run went, for its report. `records`: those of its stages. */
export function factsOfRun(store: Store, run: PastRun, records: readonly JobRecord[]): RunFacts {
  const { seconds, counts, ...timeline } = timelineOf(store, run.id);
  const stages = stagesOfRun(store, run);
  const graph = reduced(runGraph(store, run, { each: run.stages.size <= mostInstances, stages }));
  return {
    id: run.id,
    pipeline: run.pipeline,
    profile: run.profile,
    started: new Date(run.started).toISOString(),
    status: run.status,
    ...(seconds === undefined ? {} : { seconds }),
    ...(counts === undefined ? {} : { counts }),
    ...(run.commit === undefined ? {} : { commit: run.commit }),
    params: run.params,
    machine: machineOf(records),
    stages,
    graph: graphDrawing(graph),
    mermaid: mermaidText(graph),
    timeline,
  };
}

/** What the jobs that trained ran on; of a run that trained nothing what its first one did. */
function machineOf(records: readonly JobRecord[]): RunFacts['machine'] {
  const record = records.find(({ tree }) => tree.compute !== undefined) ?? records[0];
  if (record === undefined) return [];
  const { compute } = record.tree;
  const machine = [
    ['Processor', record.host.cpu],
    ['Node', record.host.node],
  ] as const;
  if (compute === undefined) return machine;
  const { backend, version, device, architecture, threads } = compute;
  const name = backend === 'native' ? 'TensorFlow' : 'TensorFlow.js';
  const each = `${threads} ${threads === 1 ? 'thread' : 'threads'} a job`;
  return [...machine, [name, `${version}, ${device}, ${architecture}, ${each}`]];
}
