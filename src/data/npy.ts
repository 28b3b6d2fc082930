import { ok, type Result } from '../util/result.ts';
import { malformed } from './malformed.ts';
import { type ArrayLayout, arrayLayout, countOf, decodeArray } from './number-type.ts';
import type { NumberArray } from './pixels.ts';

interface Header {
  readonly layout: ArrayLayout;
  readonly shape: readonly number[];
  readonly fortran: boolean;
  /** Bytes of the header. */
  readonly start: number;
}

/** NumPy writes headers of some hundred bytes; only exotic record types need more. */
const longestHeader = 65_536;
const cutOff = 'the file is cut off or damaged: get it again';

/** Splits off the header's text: magic, version, length (2 bytes in version 1, 4 later), text. */
function headerText(file: string, bytes: Buffer): Result<{ readonly text: string; readonly start: number }> {
  const wrong = (what: string, hint?: string) => malformed('npy-invalid', file, what, hint);
  if (bytes.length < 12) return wrong(`ends inside its header, after ${bytes.length} bytes`, cutOff);
  if (bytes.toString('latin1', 0, 6) !== '\x93NUMPY') {
    return wrong(
      `is not an .npy file: it starts with 0x${bytes.toString('hex', 0, 6)}`,
      'it should start with 0x934e554d5059',
    );
  }
  const version = bytes[6] as number;
  if (version < 1 || version > 3) return wrong(`is of .npy version ${version}; 1 to 3 are known`);
  const length = version === 1 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8);
  const begin = version === 1 ? 10 : 12;
  if (length > longestHeader) return wrong(`has a header of ${length} bytes, more than ${longestHeader}`);
  if (bytes.length < begin + length) {
    return wrong(`ends inside its header, after ${bytes.length} of ${begin + length} bytes`, cutOff);
  }
  return ok({ text: bytes.toString('latin1', begin, begin + length), start: begin + length });
}

/** Reads the three entries of the header's dictionary, which NumPy always writes in one of few ways. */
function readHeader(file: string, bytes: Buffer): Result<Header> {
  const head = headerText(file, bytes);
  if (!head.ok) return head;
  const { text, start } = head.value;
  const descriptor = /'descr'\s*:\s*(?:'([^']*)'|\[)/.exec(text);
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text);
  const shape = /'shape'\s*:\s*\(([\d,\sL]*)\)/.exec(text);
  if (descriptor === null || order === null || shape === null) {
    return malformed(
      'npy-invalid',
      file,
      `has a header that is not one of NumPy: ${JSON.stringify(text.slice(0, 80))}`,
    );
  }
  const layout = arrayLayout(descriptor[1] ?? 'records');
  if (!layout.ok)
    return malformed('npy-type', file, `holds ${layout.error}`, 'store numbers: uint8 for images, integers for labels');
  const extents = (shape[1] ?? '').split(',').map((part) => part.replace('L', '').trim());
  const sizes = extents.filter((part) => part !== '').map(Number);
  return ok({ layout: layout.value, shape: sizes, fortran: order[1] === 'True', start });
}

/**
 * Parses an .npy file (NumPy Enhancement Proposal 1, versions 1 to 3) of numbers or booleans, either byte order, C or
 * Fortran order. Object arrays hold pickles and are refused.
 * Errors: another format, another type, a file that is cut off or too long (with the bytes expected and got).
 */
export function parseNpy(file: string, bytes: Buffer): Result<NumberArray> {
  const header = readHeader(file, bytes);
  if (!header.ok) return header;
  const { layout, shape, fortran, start } = header.value;
  const size = countOf(shape) * layout.type.size;
  if (bytes.length - start !== size) {
    const what = `should hold ${size} bytes for the shape (${shape.join(', ')}), got ${bytes.length - start}`;
    return malformed('npy-invalid', file, what, cutOff);
  }
  return ok({ shape, values: decodeArray(bytes.subarray(start), layout, shape, fortran) });
}
