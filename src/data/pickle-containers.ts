import { PickleList } from './pickle-list.ts';
import type { Opcode } from './pickle-literals.ts';
import type { PickleMachine } from './pickle-machine.ts';
import { PickleDictionary, PickleTuple } from './pickle-values.ts';

function tuple(machine: PickleMachine, length: number): void {
  if (machine.stack.length < length) throw machine.invalid('takes from an empty stack');
  machine.push(new PickleTuple(machine.stack.splice(machine.stack.length - length)));
}

function list(machine: PickleMachine): void {
  const items = machine.popMark();
  machine.push(new PickleList());
  machine.append(items);
}

function dictionary(machine: PickleMachine): void {
  const pairs = machine.popMark();
  machine.push(new PickleDictionary());
  machine.setItems(pairs);
}

function setItem(machine: PickleMachine): void {
  const value = machine.pop();
  const key = machine.pop();
  machine.setItems([key, value]);
}

function appendOne(machine: PickleMachine): void {
  const value = machine.pop();
  machine.append([value]);
}

/** Number of a memo entry as text. */
function textIndex(machine: PickleMachine): number {
  const text = machine.line();
  if (!/^\d{1,15}$/.test(text)) throw machine.invalid(`has the memo number ${JSON.stringify(text.slice(0, 40))}`);
  return Number(text);
}

/** Opcodes of lists, tuples, dictionaries, the stack and the memo. Sets have no use in a data set and are not known. */
export const containers: Readonly<Record<number, Opcode>> = {
  [0x28]: (machine) => machine.mark(), // MARK
  [0x30]: (machine) => void machine.pop(), // POP
  [0x31]: (machine) => void machine.popMark(), // POP_MARK
  [0x32]: (machine) => machine.push(machine.top()), // DUP
  [0x5d]: (machine) => machine.push(new PickleList()), // EMPTY_LIST
  [0x6c]: list, // LIST
  [0x61]: appendOne, // APPEND
  [0x65]: (machine) => machine.append(machine.popMark()), // APPENDS
  [0x29]: (machine) => tuple(machine, 0), // EMPTY_TUPLE
  [0x85]: (machine) => tuple(machine, 1), // TUPLE1
  [0x86]: (machine) => tuple(machine, 2), // TUPLE2
  [0x87]: (machine) => tuple(machine, 3), // TUPLE3
  [0x74]: (machine) => machine.push(new PickleTuple(machine.popMark())), // TUPLE
  [0x7d]: (machine) => machine.push(new PickleDictionary()), // EMPTY_DICT
  [0x64]: dictionary, // DICT
  [0x73]: setItem, // SETITEM
  [0x75]: (machine) => machine.setItems(machine.popMark()), // SETITEMS
  [0x70]: (machine) => machine.remember(textIndex(machine)), // PUT
  [0x71]: (machine) => machine.remember(machine.uint8()), // BINPUT
  [0x72]: (machine) => machine.remember(machine.uint32()), // LONG_BINPUT
  [0x94]: (machine) => machine.memoize(), // MEMOIZE
  [0x67]: (machine) => machine.recall(textIndex(machine)), // GET
  [0x68]: (machine) => machine.recall(machine.uint8()), // BINGET
  [0x6a]: (machine) => machine.recall(machine.uint32()), // LONG_BINGET
};
