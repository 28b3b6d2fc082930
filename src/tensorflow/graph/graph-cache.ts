import { sizeOf } from '../../model/layer-form.ts';
import type { NativeTensorFlow } from '../runtime.ts';
import type { NativeBackend } from './binding.ts';
import { type GraphSession, openSession } from './session.ts';
import { buildTrainingGraph, type GraphPlan, type TrainingGraph } from './training-graph.ts';

/** A graph with its session; whoever has it alone may set its variables. */
export interface LoadedGraph {
  readonly graph: TrainingGraph;
  readonly session: GraphSession;
  readonly plan: GraphPlan;
  /** Gives it back for the next fit of the same plan. */
  release(): void;
}

interface Idle {
  readonly graph: TrainingGraph;
  readonly session: GraphSession;
  readonly bytes: number;
}

/** How much of graphs that nobody uses is kept: a search has one plan a combination of shapes, and two sizes of folds. */
const mostIdle = { graphs: 8, bytes: { host: 96 * 2 ** 20, device: 2 ** 30 } };

/** Idle graphs of each TensorFlow in this process (there is one), the longest unused first. */
const idleGraphs = new WeakMap<NativeBackend, Map<string, Idle>>();

/**
 * A graph for a plan: one that an earlier fit gave back, or a new one. Folds and combinations that differ in nothing
 * but seed, rows and learning rate share one, so that they are traced once.
 */
export function loadGraph(tensorflow: NativeTensorFlow, plan: GraphPlan): LoadedGraph {
  const { backend, protobuf } = tensorflow.native;
  const idle = idleGraphs.get(backend) ?? new Map<string, Idle>();
  idleGraphs.set(backend, idle);
  const key = keyOf(plan);
  const found = idle.get(key) ?? create();
  idle.delete(key);

  function create(): Idle {
    const graph = buildTrainingGraph(tensorflow, plan);
    const session = openSession(backend.binding, protobuf, graph.definition.nodes);
    const bytes = [...graph.variables, ...graph.stored].map(
      ({ type, shape }) => (type === 'uint8' ? 1 : 4) * sizeOf(shape),
    );
    return { graph, session, bytes: bytes.reduce((sum, one) => sum + one, 0) };
  }
  return {
    ...found,
    plan,
    release: () => {
      if (idle.has(key)) found.session.close();
      else idle.set(key, found);
      trim(idle, mostIdle.bytes[plan.images.on]);
    },
  };
}

function keyOf({ network, training, ...rest }: GraphPlan): string {
  if (training === undefined) return JSON.stringify([network.signature, rest]);
  const optimizer = { ...training.optimizer, learningRate: 'fed' };
  return JSON.stringify([network.signature, optimizer, training.augmentation?.fill ?? 'as it is', rest]);
}

function trim(idle: Map<string, Idle>, mostBytes: number): void {
  let bytes = [...idle.values()].reduce((sum, one) => sum + one.bytes, 0);
  for (const [key, one] of idle) {
    if (idle.size <= mostIdle.graphs && bytes <= mostBytes) return;
    idle.delete(key);
    one.session.close();
    bytes -= one.bytes;
  }
}
