import { type ArrayLayout, arrayLayout, countOf } from './number-type.ts';
import { PickleList } from './pickle-list.ts';
import type { Opcode } from './pickle-literals.ts';
import type { PickleMachine } from './pickle-machine.ts';
import {
  kindOf,
  PickleArray,
  type PickleGlobal,
  PickleReference,
  PickleTuple,
  PickleType,
  type PickleValue,
  textOf,
} from './pickle-values.ts';

/** All that a pickle may name. The modules moved with NumPy 2. */
const globals: ReadonlyMap<string, PickleGlobal> = new Map([
  ['numpy.core.multiarray._reconstruct', 'reconstruct'],
  ['numpy._core.multiarray._reconstruct', 'reconstruct'],
  ['numpy.core.multiarray.scalar', 'scalar'],
  ['numpy._core.multiarray.scalar', 'scalar'],
  ['numpy.core.numeric._frombuffer', 'frombuffer'],
  ['numpy._core.numeric._frombuffer', 'frombuffer'],
  ['numpy.ndarray', 'ndarray'],
  ['numpy.dtype', 'dtype'],
  ['_codecs.encode', 'encode'],
  ['__builtin__.bytes', 'bytes'],
  ['builtins.bytes', 'bytes'],
]);

function lookUp(machine: PickleMachine, module: string, name: string): void {
  const global = globals.get(`${module}.${name}`);
  if (global === undefined) {
    throw machine.refused(`names ${JSON.stringify(`${module}.${name}`.slice(0, 100))}, which is no plain data,`);
  }
  machine.push(new PickleReference(global));
}

function globalByLines(machine: PickleMachine): void {
  const module = machine.line();
  lookUp(machine, module, machine.line());
}

function globalByStack(machine: PickleMachine): void {
  const name = machine.pop();
  const module = machine.pop();
  if (typeof name !== 'string' || typeof module !== 'string')
    throw machine.invalid('names something by values that are no text');
  lookUp(machine, module, name);
}

/** A shape: whole numbers that a file could hold. */
function shapeOf(machine: PickleMachine, value: PickleValue | undefined): number[] {
  const items = value instanceof PickleTuple ? value.items : [value];
  return items.map((extent) => {
    if (typeof extent !== 'number' || !Number.isInteger(extent) || extent < 0)
      throw machine.invalid(`has ${kindOf(extent)} in a shape`);
    return extent;
  });
}

function layoutOf(machine: PickleMachine, value: PickleValue | undefined): ArrayLayout {
  if (!(value instanceof PickleType)) throw machine.invalid(`has ${kindOf(value)} where a NumPy type should be`);
  const layout = arrayLayout(`${value.byteOrder}${value.name}`);
  if (!layout.ok) throw machine.refused(`has an array of ${layout.error}`);
  return layout.value;
}

/** Gives an array its content, when the bytes are those of its shape. */
function fill(
  machine: PickleMachine,
  array: PickleArray,
  parts: readonly [PickleValue?, PickleValue?, PickleValue?, PickleValue?],
): void {
  const [extents, type, order, data] = parts;
  const layout = layoutOf(machine, type);
  const shape = shapeOf(machine, extents);
  if (!(data instanceof Uint8Array)) throw machine.invalid(`has an array of ${kindOf(data)}`);
  const size = countOf(shape) * layout.type.size;
  if (data.length !== size) {
    throw machine.invalid(
      `has an array of the shape (${shape.join(', ')}), which needs ${size} bytes, with ${data.length} bytes`,
    );
  }
  const fortran = order === true || textOf(order ?? null) === 'F';
  array.content = { layout, shape, fortran, bytes: data };
}

function scalar(machine: PickleMachine, [type, data]: readonly PickleValue[]): number {
  const layout = layoutOf(machine, type);
  if (!(data instanceof Uint8Array) || data.length !== layout.type.size)
    throw machine.invalid(`has ${kindOf(data)} as a NumPy number`);
  return layout.type.read(new DataView(data.buffer, data.byteOffset, data.byteLength), 0, layout.littleEndian);
}

/** What a call would give, for the few calls that only make data. */
function construct(machine: PickleMachine, global: PickleGlobal, items: readonly PickleValue[]): PickleValue {
  const [first, second] = items;
  switch (global) {
    case 'reconstruct':
      if (first instanceof PickleReference && first.global === 'ndarray') return new PickleArray();
      throw machine.refused(`makes an array of ${kindOf(first)}`);
    case 'frombuffer': {
      const array = new PickleArray();
      fill(machine, array, [items[2] ?? null, second ?? null, items[3] ?? null, first ?? null]);
      return array;
    }
    case 'dtype': {
      const name = textOf(first);
      if (name === undefined) throw machine.refused(`has a NumPy type made of ${kindOf(first)}`);
      return new PickleType(name);
    }
    case 'scalar':
      return scalar(machine, items);
    case 'encode':
      if (typeof first === 'string' && textOf(second) === 'latin1') return Buffer.from(first, 'latin1');
      throw machine.refused(`encodes ${kindOf(first)} in another way than latin1`);
    case 'bytes':
      if (items.length === 0) return Buffer.alloc(0);
      throw machine.refused('makes bytes of something');
    case 'ndarray':
      throw machine.refused('makes an array in an unknown way');
  }
}

function reduce(machine: PickleMachine): void {
  const values = machine.pop();
  const callable = machine.pop();
  if (!(callable instanceof PickleReference)) throw machine.refused(`calls ${kindOf(callable)}`);
  if (!(values instanceof PickleTuple)) throw machine.invalid(`calls ${callable.global} with ${kindOf(values)}`);
  machine.push(construct(machine, callable.global, values.items));
}

/** Gives state to the array or type below it on the stack; nothing else has any. */
function build(machine: PickleMachine): void {
  const state = machine.pop();
  const target = machine.top();
  if (!(state instanceof PickleTuple) || !(target instanceof PickleArray || target instanceof PickleType)) {
    throw machine.refused(`gives the state ${kindOf(state)} to ${kindOf(target)}`);
  }
  const { items } = state;
  if (target instanceof PickleType) {
    const [, order, parent, names, fields] = items;
    const text = textOf(order);
    if (text === undefined || !['<', '>', '|', '='].includes(text))
      throw machine.invalid('has a NumPy type without a byte order');
    if (![parent, names, fields].every((part) => part === null)) throw machine.refused('has a NumPy type of records');
    target.byteOrder = text;
    return;
  }
  // The first item is a version, which very old files leave out.
  const [extents = null, type = null, order = null, data = null] = items.length === 5 ? items.slice(1) : items;
  if (data instanceof PickleList) throw machine.refused('has an array of Python objects');
  fill(machine, target, [extents, type, order, data]);
}

const refusing =
  (what: string): Opcode =>
  (machine) => {
    throw machine.refused(what);
  };

/** INST names a class in two lines, and makes an object of it. */
function instance(machine: PickleMachine): void {
  const name = `${machine.line()}.${machine.line()}`;
  throw machine.refused(`makes an object of ${JSON.stringify(name.slice(0, 100))}`);
}

/** Opcodes that make objects by calling what they name: only the names and calls of NumPy's arrays are understood. */
export const objects: Readonly<Record<number, Opcode>> = {
  [0x63]: globalByLines, // GLOBAL
  [0x93]: globalByStack, // STACK_GLOBAL
  [0x52]: reduce, // REDUCE
  [0x62]: build, // BUILD
  [0x69]: instance, // INST
  [0x6f]: refusing('makes an object (OBJ)'),
  [0x81]: refusing('makes an object (NEWOBJ)'),
  [0x92]: refusing('makes an object (NEWOBJ_EX)'),
  [0x50]: refusing('has a persistent id'),
  [0x51]: refusing('has a persistent id'),
  [0x82]: refusing('has an extension code'),
  [0x83]: refusing('has an extension code'),
  [0x84]: refusing('has an extension code'),
  [0x97]: refusing('has a buffer outside the file'),
  [0x98]: refusing('has a buffer outside the file'),
};
