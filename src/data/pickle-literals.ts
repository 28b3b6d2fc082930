import type { PickleMachine } from './pickle-machine.ts';

export type Opcode = (machine: PickleMachine) => void;

/** Bytes of a whole number that is still exact as a double, or nearly. */
const longestInteger = 8;

/** A two's complement number, lowest byte first. */
function longInteger(machine: PickleMachine, length: number): number {
  if (length > longestInteger) throw machine.invalid(`has a whole number of ${length} bytes`);
  let value = 0n;
  const bytes = machine.take(length);
  for (let index = length - 1; index >= 0; index--) value = (value << 8n) | BigInt(bytes[index] as number);
  return Number(BigInt.asIntN(8 * Math.max(length, 1), value));
}

/** A number as text, as protocol 0 writes it; `01` and `00` are the booleans. */
function textNumber(machine: PickleMachine): number | boolean {
  const text = machine.line();
  if (text === '01') return true;
  if (text === '00') return false;
  const value = Number(text.replace(/L$/, ''));
  if (text.trim() === '' || !/^[-+]?\d+L?$/.test(text))
    throw machine.invalid(`has the number ${JSON.stringify(text.slice(0, 40))}`);
  return value;
}

function textFloat(machine: PickleMachine): number {
  const text = machine.line();
  if (/^[-+]?nan$/i.test(text)) return Number.NaN;
  if (!/^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(text)) {
    throw machine.invalid(`has the number ${JSON.stringify(text.slice(0, 40))}`);
  }
  return Number(text);
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/** Bytes in quotes with Python's escapes, as Python 2 writes its strings in protocol 0. */
function quotedBytes(machine: PickleMachine): Buffer {
  const text = machine.stringLine();
  const quote = text[0];
  if (text.length < 2 || (quote !== "'" && quote !== '"') || !text.endsWith(quote))
    throw machine.invalid('has a string without quotes');
  const plain = text
    .slice(1, -1)
    .replace(/\\(?:x([0-9a-fA-F]{2})|([\s\S]))/g, (whole, code: string | undefined, letter: string | undefined) =>
      code === undefined ? (escapes[letter ?? ''] ?? whole) : String.fromCharCode(Number.parseInt(code, 16)),
    );
  return Buffer.from(plain, 'latin1');
}

/** Text in the encoding "raw unicode escape". */
function escapedText(machine: PickleMachine): string {
  return machine
    .stringLine()
    .replace(/\\(?:u([0-9a-fA-F]{4})|U(00(?:0[0-9a-fA-F]|10)[0-9a-fA-F]{4}))/g, (_, short?: string, long?: string) =>
      String.fromCodePoint(Number.parseInt(short ?? long ?? '', 16)),
    );
}

function frame(machine: PickleMachine): void {
  const length = machine.uint64();
  const left = machine.bytes.length - machine.position;
  if (length > left)
    throw machine.invalid(`ends too early: ${length} bytes were expected, ${left} are left, for the frame`);
}

function protocol(machine: PickleMachine): void {
  const version = machine.uint8();
  if (version > 5) throw machine.invalid(`is of pickle protocol ${version}; 0 to 5 are known:`);
}

/** Opcodes that push numbers, texts and bytes (names as in Python's pickletools, which documents them). */
export const literals: Readonly<Record<number, Opcode>> = {
  [0x80]: protocol, // PROTO
  [0x95]: frame, // FRAME
  [0x4e]: (machine) => machine.push(null), // NONE
  [0x88]: (machine) => machine.push(true), // NEWTRUE
  [0x89]: (machine) => machine.push(false), // NEWFALSE
  [0x49]: (machine) => machine.push(textNumber(machine)), // INT
  [0x4c]: (machine) => machine.push(textNumber(machine)), // LONG
  [0x46]: (machine) => machine.push(textFloat(machine)), // FLOAT
  [0x4a]: (machine) => machine.push(machine.take(4).readInt32LE()), // BININT
  [0x4b]: (machine) => machine.push(machine.uint8()), // BININT1
  [0x4d]: (machine) => machine.push(machine.uint16()), // BININT2
  [0x8a]: (machine) => machine.push(longInteger(machine, machine.uint8())), // LONG1
  [0x8b]: (machine) => machine.push(longInteger(machine, machine.uint32())), // LONG4
  [0x47]: (machine) => machine.push(machine.take(8).readDoubleBE()), // BINFLOAT
  [0x53]: (machine) => machine.push(quotedBytes(machine)), // STRING
  [0x54]: (machine) => machine.push(machine.take(machine.uint32())), // BINSTRING
  [0x55]: (machine) => machine.push(machine.take(machine.uint8())), // SHORT_BINSTRING
  [0x56]: (machine) => machine.push(escapedText(machine)), // UNICODE
  [0x58]: (machine) => machine.push(machine.text(machine.uint32())), // BINUNICODE
  [0x8c]: (machine) => machine.push(machine.text(machine.uint8())), // SHORT_BINUNICODE
  [0x8d]: (machine) => machine.push(machine.text(machine.uint64())), // BINUNICODE8
  [0x42]: (machine) => machine.push(machine.take(machine.uint32())), // BINBYTES
  [0x43]: (machine) => machine.push(machine.take(machine.uint8())), // SHORT_BINBYTES
  [0x8e]: (machine) => machine.push(machine.take(machine.uint64())), // BINBYTES8
  [0x96]: (machine) => machine.push(machine.take(machine.uint64())), // BYTEARRAY8
};
