import { type Binding, type DataType, dataTypes } from './binding.ts';
import type { Recording } from './recorder.ts';

/** A value of an attribute of a node (tensorflow/core/framework/attr_value.proto). */
export type NodeAttribute =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'int' | 'float'; readonly value: number }
  | { readonly type: 'ints' | 'floats'; readonly value: readonly number[] }
  | { readonly type: 'bool'; readonly value: boolean }
  /** A data type by its number. */
  | { readonly type: 'type'; readonly value: number }
  | { readonly type: 'shape'; readonly value: readonly number[] }
  | { readonly type: 'tensor'; readonly shape: readonly number[]; readonly dtype: number; readonly values: Uint8Array };

/** One output of a node: "name" or "name:1". */
export type Output = string;

export interface GraphNode {
  readonly name: string;
  readonly operation: string;
  readonly inputs: readonly Output[];
  /** Nodes that must have run before, by name. */
  readonly after: readonly string[];
  readonly attributes: Readonly<Record<string, NodeAttribute>>;
}

/** The numbers that the binding uses for types of attributes. */
export type AttributeTypes = Pick<Binding, Extract<keyof Binding, `TF_ATTR_${string}`>>;

/**
 * Attributes that tfjs leaves out because TensorFlow finds them by the types of the inputs; a graph must say them. The
 * number is that of the input.
 */
const inferred: Readonly<Record<string, Readonly<Record<string, number>>>> = { ExpandDims: { T: 0, Tdim: 1 } };

export const typeOf = (type: DataType): NodeAttribute => ({ type: 'type', value: dataTypes[type] });

/** A TensorFlow graph that grows node by node. */
export class GraphDefinition {
  readonly nodes: GraphNode[] = [];
  readonly #attributeTypes: AttributeTypes;

  constructor(attributeTypes: AttributeTypes) {
    this.#attributeTypes = attributeTypes;
  }

  /** Adds a node and gives its first output. A name is made if none is given. */
  add(
    operation: string,
    inputs: readonly Output[],
    attributes: Readonly<Record<string, NodeAttribute>> = {},
    options: { readonly name?: string; readonly after?: readonly string[] } = {},
  ): Output {
    const name = options.name ?? `n${this.nodes.length}`;
    this.nodes.push({ name, operation, inputs, attributes, after: options.after ?? [] });
    return name;
  }

  /** What is fed at every run. */
  placeholder(name: string, type: DataType, shape: readonly number[]): Output {
    return this.add('Placeholder', [], { dtype: typeOf(type), shape: { type: 'shape', value: shape } }, { name });
  }

  floatConstant(value: number): Output {
    return this.constant([], 'float32', Float32Array.of(value));
  }

  intsConstant(values: readonly number[]): Output {
    return this.constant([values.length], 'int32', Int32Array.from(values));
  }

  constant(shape: readonly number[], type: DataType, values: Float32Array | Int32Array): Output {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return this.add('Const', [], {
      dtype: typeOf(type),
      value: { type: 'tensor', shape, dtype: dataTypes[type], values: bytes },
    });
  }

  /**
   * Adds the recorded operations that lead to `wanted` and gives the outputs that stand for those tensors. `known` are
   * the graph's outputs for tensors that were there before the recording began.
   */
  addRecording(
    { operations, constants }: Recording,
    known: ReadonlyMap<number, Output>,
    wanted: readonly number[],
  ): Output[] {
    const needed = new Set(wanted);
    const kept = operations.toReversed().filter(({ inputs, outputs }) => {
      const used = outputs.some(({ id }) => needed.has(id));
      if (used) for (const id of inputs) needed.add(id);
      return used;
    });
    const types = new Map([...operations.flatMap((one) => one.outputs.map(({ id, dtype }) => [id, dtype] as const))]);
    const typeOfTensor = (id: number): number => types.get(id) ?? constants.get(id)?.dtype ?? dataTypes.float32;
    const outputs = new Map(known);
    const outputOf = (id: number): Output => {
      const there = outputs.get(id);
      if (there !== undefined) return there;
      const constant = constants.get(id);
      if (constant === undefined) throw new Error(`tensor ${id} comes from outside the recording`);
      const { shape, dtype, values } = constant;
      const made = this.add('Const', [], {
        dtype: { type: 'type', value: dtype },
        value: { type: 'tensor', shape, dtype, values },
      });
      outputs.set(id, made);
      return made;
    };
    for (const operation of kept.toReversed()) {
      const attributes = Object.fromEntries(
        operation.attributes.map(({ name, type, value }) => [name, this.#attribute(type, value)]),
      );
      for (const [attribute, input] of Object.entries(inferred[operation.name] ?? {}))
        attributes[attribute] ??= { type: 'type', value: typeOfTensor(operation.inputs[input] as number) };
      const name = this.add(operation.name, operation.inputs.map(outputOf), attributes);
      operation.outputs.forEach(({ id }, index) => {
        outputs.set(id, index === 0 ? name : `${name}:${index}`);
      });
    }
    return wanted.map(outputOf);
  }

  #attribute(type: number, value: unknown): NodeAttribute {
    const types = this.#attributeTypes;
    switch (type) {
      case types.TF_ATTR_STRING:
        return { type: 'string', value: value as string };
      case types.TF_ATTR_INT:
        return Array.isArray(value)
          ? { type: 'ints', value: value as number[] }
          : { type: 'int', value: value as number };
      case types.TF_ATTR_FLOAT:
        return Array.isArray(value)
          ? { type: 'floats', value: value as number[] }
          : { type: 'float', value: value as number };
      case types.TF_ATTR_BOOL:
        return { type: 'bool', value: value as boolean };
      case types.TF_ATTR_TYPE:
        return { type: 'type', value: value as number };
      case types.TF_ATTR_SHAPE:
        return { type: 'shape', value: value as number[] };
      default:
        throw new Error(`an attribute of the unknown type ${type}`);
    }
  }
}
