import type { Tensor } from '@tensorflow/tfjs-core';
import type { OptimizerSetting } from '../../model/optimizers.ts';
import { type UpdateRule, updateRule } from '../optimizers.ts';
import type { Tf } from '../runtime.ts';
import { type FusedOptimizer, fusedOptimizer } from './fused-optimizers.ts';
import { type Output, typeOf } from './graph-definition.ts';
import { names } from './names.ts';
import type { StandIns } from './stand-ins.ts';
import type { GraphContext } from './training-graph.ts';

/** What an optimizer works on in one step's graph. */
export interface UpdateTargets {
  readonly weights: readonly Tensor[];
  /** Places of the weights that gradients move. */
  readonly trainable: readonly number[];
  /** The fed numbers of the step. */
  readonly scalars: readonly Output[];
}

/** The updates of one step: first what is to be traced with the step, then the nodes that make the change. */
export interface StepUpdate {
  traced(gradients: readonly Tensor[]): readonly Tensor[];
  /** `outputs` are those of `traced`; gives the nodes that must have run. */
  apply(outputs: readonly Output[], after: readonly string[]): string[];
}

/** An optimizer as a graph has it. */
export interface GraphOptimizer {
  /** First value of each slot. */
  readonly slots: readonly number[];
  readonly scalarCount: number;
  /** The numbers of a step, which counts from 1. */
  scalars(step: number, learningRate: number): number[];
  /** Call it before the trace: it makes its own stand-ins. */
  prepare(context: GraphContext, standIns: StandIns, targets: UpdateTargets): StepUpdate;
}

/** The fused kernel of an optimizer where there is one, else its formulas. */
export function graphOptimizer(tf: Tf, setting: OptimizerSetting): GraphOptimizer {
  const fused = fusedOptimizer(setting);
  if (fused !== undefined) return fusedUpdates(fused, setting.weightDecay ?? 0);
  const rule = updateRule(tf, setting);
  return {
    slots: rule.slots,
    scalarCount: rule.scalars(1, 1).length,
    scalars: rule.scalars,
    prepare: (context, standIns, targets) => formulaUpdates(rule, context, standIns, targets),
  };
}

function fusedUpdates(fused: FusedOptimizer, weightDecay: number): GraphOptimizer {
  const scalars = (step: number, learningRate: number): number[] => [
    ...fused.scalars(step, learningRate),
    ...(weightDecay > 0 ? [weightDecay * learningRate] : []),
  ];
  return {
    slots: fused.slots,
    scalarCount: scalars(1, 1).length,
    scalars,
    prepare: (context, _, targets) => ({
      traced: (gradients) => gradients,
      apply: (gradients, after) =>
        targets.trainable.map((index, position) => {
          const decayed = weightDecay > 0 ? [addDecay(context, index, targets.scalars.at(-1) as Output, after)] : [];
          const before = [...after, ...decayed];
          return addKernel(context, fused, { index, gradient: gradients[position] as Output, ...targets }, before);
        }),
    }),
  };
}

/** weight -= decay * weight, in place. */
function addDecay(
  { definition, handles }: GraphContext,
  index: number,
  decay: Output,
  after: readonly string[],
): string {
  const handle = handles.get(names.weight(index)) as Output;
  const weight = definition.add('ReadVariableOp', [handle], { dtype: typeOf('float32') }, { after });
  return definition.add('ResourceApplyGradientDescent', [handle, decay, weight], { T: typeOf('float32') });
}

function addKernel(
  { definition, handles }: GraphContext,
  fused: FusedOptimizer,
  target: { readonly index: number; readonly gradient: Output; readonly scalars: readonly Output[] },
  after: readonly string[],
): string {
  const inputs = fused.inputs.map((place): Output => {
    if (place === 'weight') return handles.get(names.weight(target.index)) as Output;
    if (place === 'gradient') return target.gradient;
    if (typeof place === 'number') return definition.floatConstant(place);
    if ('slot' in place) return handles.get(names.slot(target.index, place.slot)) as Output;
    return target.scalars[place.scalar] as Output;
  });
  return definition.add(fused.kernel, inputs, { T: typeOf('float32'), ...fused.attributes }, { after });
}

function formulaUpdates(
  rule: UpdateRule,
  context: GraphContext,
  standIns: StandIns,
  { weights, trainable, scalars }: UpdateTargets,
): StepUpdate {
  const slots = trainable.map((index) =>
    rule.slots.map((_, slot) => standIns.variable(names.slot(index, slot), (weights[index] as Tensor).shape)),
  );
  const numbers = scalars.map((output) => standIns.for(output, []));
  const variables: string[] = [];
  return {
    traced: (gradients) =>
      trainable.flatMap((index, position) => {
        const own = slots[position] as Tensor[];
        const update = rule.update(weights[index] as Tensor, gradients[position] as Tensor, own, numbers);
        const changed = update.slots.flatMap((next, slot) => (next === own[slot] ? [] : [{ slot, next }]));
        variables.push(names.weight(index), ...changed.map(({ slot }) => names.slot(index, slot)));
        return [update.weight, ...changed.map(({ next }) => next)];
      }),
    apply: (outputs, after) =>
      outputs.map((output, position) => addAssign(context, variables[position] as string, output, after)),
  };
}

/** Sets a variable; gives the node that does it. */
export function addAssign(
  { definition, handles }: GraphContext,
  variable: string,
  value: Output,
  after: readonly string[],
): string {
  const inputs = [handles.get(variable) as Output, value];
  return definition.add('AssignVariableOp', inputs, { dtype: typeOf('float32') }, { after });
}
