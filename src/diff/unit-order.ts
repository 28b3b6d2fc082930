import type { NumberArray } from '../artifact/column.ts';
import { createRandom, type Random } from '../util/random.ts';

/** A weight with its values. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: NumberArray;
}

/** Hidden units that stand in another order: without that, the networks are the same. */
export interface UnitOrder {
  readonly layers: readonly { readonly layer: string; readonly units: number; readonly moved: number }[];
  /** Length of what still differs when the units are in the same order, as a share of the length of A's weights. */
  readonly difference: number;
}

/** Differences of a network in other order than this share of its weights are more than the order. */
const mostDifference = 1e-3;

/** A layer's weights by their names. */
interface Layer {
  readonly name: string;
  /** `dense`, `conv2d` … */
  readonly kind: string;
  readonly tensors: ReadonlyMap<string, NamedTensor>;
}

function layersOf(tensors: readonly NamedTensor[]): Layer[] {
  const layers = new Map<string, { name: string; kind: string; tensors: Map<string, NamedTensor> }>();
  for (const tensor of tensors) {
    const [name = '', weight = ''] = tensor.name.split('/');
    const layer = layers.get(name) ?? { name, kind: name.replace(/^\d+_/, ''), tensors: new Map() };
    layer.tensors.set(weight, tensor);
    layers.set(name, layer);
  }
  return [...layers.values()];
}

/**
 * Finds the order of hidden units in which two networks of dense, convolutional and normalising layers are the same: a network computes
 * the same with its units in any order (R. Hecht-Nielsen, "On the algebraic structure of feedforward network weight spaces", 1990).
 * Undefined where there is none, or where other layers make the order mean something.
 */
export function unitOrder(a: readonly NamedTensor[], b: readonly NamedTensor[]): UnitOrder | undefined {
  const [layersA, layersB] = [layersOf(a), layersOf(b)];
  if (a.length !== b.length || a.some((tensor, at) => !b[at] || !sameShape(tensor, b[at]))) return undefined;
  const random = createRandom('order of units');
  const lastKernel = layersA.findLastIndex(({ tensors }) => tensors.has('kernel'));
  const found: { layer: string; units: number; moved: number }[] = [];
  const sums = { difference: 0, first: 0 };
  let inputs: Int32Array | undefined;
  for (const [index, layer] of layersA.entries()) {
    const other = layersB[index];
    if (other === undefined || other.name !== layer.name) return undefined;
    const arranged = arrange(layer, other, inputs, index === lastKernel, random);
    if (arranged === undefined) return undefined;
    const { order } = arranged;
    add(sums, arranged.layer, other, order);
    const moved = order === undefined ? 0 : order.reduce((count, to, unit) => count + (to === unit ? 0 : 1), 0);
    if (order !== undefined && moved > 0 && layer.tensors.has('kernel'))
      found.push({ layer: layer.name, units: order.length, moved });
    inputs = order;
  }
  const difference = Math.sqrt(sums.difference / Math.max(sums.first, Number.MIN_VALUE));
  return found.length > 0 && difference <= mostDifference ? { layers: found, difference } : undefined;
}

/** A layer of A with its inputs in the order of B, and the order of its units in B; undefined where the order means something. */
function arrange(
  layer: Layer,
  other: Layer,
  inputs: Int32Array | undefined,
  isLast: boolean,
  random: Random,
): { readonly layer: Layer; readonly order: Int32Array | undefined } | undefined {
  const hasKernel = layer.tensors.has('kernel');
  const isKnown = /^(dense|conv2d|batchNormalization|layerNormalization)$/.test(layer.kind);
  if (!isKnown && (inputs !== undefined || hasKernel)) return undefined;
  const arranged = inputs === undefined ? layer : withInputs(layer, inputs);
  if (arranged === undefined) return undefined;
  if (!hasKernel) return { layer: arranged, order: inputs };
  // What the last layer gives are the classes, whose order is that of the labels.
  return { layer: arranged, order: isLast ? undefined : orderOf(arranged, other, random) };
}

/** A layer whose inputs stand in the order of B; after flattening, each place of an image has all the units. */
function withInputs(layer: Layer, inputs: Int32Array): Layer | undefined {
  const kernel = layer.tensors.get('kernel');
  if (kernel === undefined) return layer;
  const [axis, units] = [kernel.shape.at(-2) ?? 0, kernel.shape.at(-1) ?? 0];
  if (axis % inputs.length !== 0) return undefined;
  const values = new Float32Array(kernel.values.length);
  const rows = values.length / units;
  for (let row = 0; row < rows; row++) {
    const unit = row % inputs.length;
    const target = row - unit + (inputs[unit] as number);
    values.set(kernel.values.subarray(row * units, (row + 1) * units), target * units);
  }
  return { ...layer, tensors: new Map([...layer.tensors, ['kernel', { ...kernel, values }]]) };
}

/**
 * For each unit of A its place in B. Each unit's weights are weighed by the same random numbers, which gives a number for each unit;
 * units that are the same have the same rank among these numbers.
 */
function orderOf(layer: Layer, other: Layer, random: Random): Int32Array {
  const size = (layer.tensors.get('kernel')?.values.length ?? 0) + 1;
  const weights = Float64Array.from({ length: size }, () => random.normal());
  const [ranksA, ranksB] = [ranked(layer, weights), ranked(other, weights)];
  const order = new Int32Array(ranksA.length);
  ranksA.forEach((unit, rank) => {
    order[unit] = ranksB[rank] as number;
  });
  return order;
}

function ranked(layer: Layer, weights: Float64Array): Int32Array {
  const kernel = layer.tensors.get('kernel');
  const units = kernel?.shape.at(-1) ?? 0;
  const sums = new Float64Array(units);
  const values = kernel?.values ?? new Float32Array();
  for (let at = 0; at < values.length; at++) {
    const unit = at % units;
    sums[unit] = (sums[unit] as number) + (values[at] as number) * (weights[Math.floor(at / units)] as number);
  }
  const bias = layer.tensors.get('bias')?.values ?? [];
  const last = weights.at(-1) ?? 1;
  for (let unit = 0; unit < bias.length; unit++) sums[unit] = (sums[unit] as number) + (bias[unit] as number) * last;
  return Int32Array.from(sums.keys()).sort((one, two) => (sums[one] as number) - (sums[two] as number));
}

/** Adds what differs between the layers when A's units stand in B's order. The last axis of every weight is that of the units. */
function add(
  sums: { difference: number; first: number },
  layer: Layer,
  other: Layer,
  order: Int32Array | undefined,
): void {
  for (const [name, tensor] of layer.tensors) {
    const target = other.tensors.get(name)?.values ?? new Float32Array(tensor.values.length);
    const values = order === undefined ? tensor.values : withUnits(tensor, order);
    const { difference, first } = squaredDistance(values, target);
    sums.difference += difference;
    sums.first += first;
  }
}

function withUnits({ values, shape }: NamedTensor, order: Int32Array): Float32Array {
  const units = shape.at(-1) ?? 1;
  const arranged = new Float32Array(values.length);
  // After flattening a normalising layer has the units once for each place.
  for (let at = 0; at < values.length; at++) {
    const unit = (at % units) % order.length;
    arranged[at - unit + (order[unit] as number)] = values[at] as number;
  }
  return arranged;
}

/** Whether two tensors can be compared value by value. */
function sameShape(a: NamedTensor, b: NamedTensor): boolean {
  return a.values.length === b.values.length && a.shape.join() === b.shape.join();
}

/** Length of the difference of two tensors, and of the first, squared. */
function squaredDistance(a: NumberArray, b: NumberArray): { readonly difference: number; readonly first: number } {
  let [difference, first] = [0, 0];
  for (let at = 0; at < a.length; at++) {
    const one = a[at] as number;
    difference += ((b[at] as number) - one) ** 2;
    first += one * one;
  }
  return { difference, first };
}
