import type { TrainingSetting } from '../../model/description.ts';
import type { Network } from '../network.ts';
import type { NativeTensorFlow } from '../runtime.ts';
import { GraphDefinition, type Output, typeOf } from './graph-definition.ts';
import { names } from './names.ts';
import { addScoring } from './scoring-graph.ts';
import { addStep } from './step-graph.ts';
import { type GraphOptimizer, graphOptimizer } from './update-graph.ts';

/** What a graph is made for. All that it holds fixed is in here; the rest is fed. */
export interface GraphPlan {
  readonly network: Network;
  /** Absent: the graph only scores. */
  readonly training?: TrainingSetting;
  /** Number of classes whose weights are fed; absent where they all count the same. */
  readonly weightedClasses?: number;
  /** Type of a pixel as it is stored. */
  readonly pixels: 'uint8' | 'float32';
  /** Where the images are: fed with each batch, or all of them (so many rows) on the device, gathered by index. */
  readonly images: { readonly on: 'host' } | { readonly on: 'device'; readonly rows: number };
  /** Batch sizes of training steps. */
  readonly batchSizes: readonly number[];
  /** Rows that are scored at once. */
  readonly scoredAtOnce: number;
}

/** A variable of the graph. */
export interface GraphVariable {
  readonly name: string;
  readonly type: 'float32' | 'uint8';
  readonly shape: readonly number[];
}

/** What the parts of a graph are made from. */
export interface GraphContext {
  readonly tensorflow: NativeTensorFlow;
  readonly plan: GraphPlan;
  readonly definition: GraphDefinition;
  /** Handles of the variables, by name. */
  readonly handles: ReadonlyMap<string, Output>;
}

export interface TrainingGraph {
  readonly definition: GraphDefinition;
  /** Weights and slots. */
  readonly variables: readonly GraphVariable[];
  /** The images, where they are on the device. */
  readonly stored: readonly GraphVariable[];
  /** First values of each weight's slots; none for those that gradients do not move. */
  readonly slots: readonly (readonly number[])[];
  readonly optimizer: GraphOptimizer | undefined;
}

/** Traces training steps and scoring of a network and puts them into one graph over shared variables. */
export function buildTrainingGraph(tensorflow: NativeTensorFlow, plan: GraphPlan): TrainingGraph {
  const { network, images } = plan;
  const definition = new GraphDefinition(tensorflow.native.backend.binding);
  const optimizer = plan.training === undefined ? undefined : graphOptimizer(tensorflow.tf, plan.training.optimizer);
  const slots = network.weights.map(({ trainable }) => (trainable ? (optimizer?.slots ?? []) : []));
  const variables: GraphVariable[] = network.weights.flatMap(({ shape }, index) => [
    { name: names.weight(index), type: 'float32' as const, shape },
    ...(slots[index] ?? []).map((_, slot) => ({ name: names.slot(index, slot), type: 'float32' as const, shape })),
  ]);
  const size = network.inputShape.reduce((product, extent) => product * extent, 1);
  const stored: GraphVariable[] =
    images.on === 'device' ? [{ name: names.images, type: plan.pixels, shape: [images.rows, size] }] : [];
  const handles = new Map(
    [...variables, ...stored].map((variable) => [variable.name, addVariable(definition, variable)]),
  );
  addAssignment(definition, variables, handles, names.assigned);
  addAssignment(definition, stored, handles, names.imagesAssigned);
  definition.placeholder(names.scale, 'float32', []);
  const context: GraphContext = { tensorflow, plan, definition, handles };
  if (optimizer !== undefined && plan.training !== undefined)
    for (const batch of plan.batchSizes) addStep(context, plan.training, optimizer, batch);
  addScoring(context);
  return { definition, variables, stored, slots, optimizer };
}

/** A variable's handle. */
function addVariable(definition: GraphDefinition, { name, type, shape }: GraphVariable): Output {
  const attributes = {
    dtype: typeOf(type),
    shape: { type: 'shape', value: shape },
    container: { type: 'string', value: '' },
    shared_name: { type: 'string', value: name },
  } as const;
  return definition.add('VarHandleOp', [], attributes, { name });
}

/** Outputs that read variables, and one that sets them all from placeholders. */
function addAssignment(
  definition: GraphDefinition,
  variables: readonly GraphVariable[],
  handles: ReadonlyMap<string, Output>,
  done: string,
): void {
  if (variables.length === 0) return;
  const assigned = variables.map(({ name, type, shape }) => {
    const handle = handles.get(name) as Output;
    const read = definition.add('ReadVariableOp', [handle], { dtype: typeOf(type) });
    definition.add('Identity', [read], { T: typeOf(type) }, { name: names.get(name) });
    const value = definition.placeholder(names.set(name), type, shape);
    // The copy is the graph's own: what is fed shares its memory with JavaScript, which frees it on its own thread.
    const copy = definition.add('DeepCopy', [value], { T: typeOf(type) });
    return definition.add('AssignVariableOp', [handle, copy], { dtype: typeOf(type) });
  });
  const nothing = definition.floatConstant(0);
  definition.add('Identity', [nothing], { T: typeOf('float32') }, { name: done, after: assigned });
}
