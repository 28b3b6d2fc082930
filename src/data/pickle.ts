import { ok, type Result } from '../util/result.ts';
import { malformed } from './malformed.ts';
import { containers } from './pickle-containers.ts';
import { literals } from './pickle-literals.ts';
import { PickleMachine } from './pickle-machine.ts';
import { objects } from './pickle-objects.ts';
import { PickleError, type PickleValue } from './pickle-values.ts';

const smallInteger = 0x4b;
const stop = 0x2e;
const opcodes = { ...literals, ...containers, ...objects };

const refusedHint =
  'a pickle can run programs when Python loads it, so that only numbers, texts, lists, dictionaries and NumPy arrays are read; ' +
  'store the data by numpy.savez instead';

function run(machine: PickleMachine): PickleValue {
  for (;;) {
    machine.opcodeAt = machine.position;
    const opcode = machine.uint8();
    // Lists of pixels have millions of these.
    if (opcode === smallInteger) {
      machine.push(machine.uint8());
      continue;
    }
    if (opcode === stop) return machine.pop();
    const action = opcodes[opcode];
    if (action === undefined) throw machine.invalid(`has the unknown opcode 0x${opcode.toString(16).padStart(2, '0')}`);
    action(machine);
  }
}

/**
 * Reads a pickle of plain data (Python's protocols 0 to 5, PEP 3154 and PEP 574). Nothing is imported, called or
 * executed: names are compared with a short list, and calls that make NumPy arrays are understood as data.
 * Errors: `pickle-refused` for anything else, with its name and byte offset, and `pickle-invalid` for damage.
 */
export function parsePickle(file: string, bytes: Buffer): Result<PickleValue> {
  const machine = new PickleMachine(bytes);
  try {
    const value = run(machine);
    const left = bytes.length - machine.position;
    if (left === 0) return ok(value);
    return malformed(
      'pickle-invalid',
      file,
      `has ${left} bytes after its end at byte ${machine.position}`,
      'one pickle a file is read',
    );
  } catch (problem) {
    if (!(problem instanceof PickleError)) throw problem;
    const refused = problem.code === 'pickle-refused';
    const hint = refused ? refusedHint : 'the file is cut off, damaged, or no pickle';
    return malformed(problem.code, file, refused ? `is refused: it ${problem.message}` : problem.message, hint);
  }
}
