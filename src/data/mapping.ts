import { basename } from 'node:path';
import { failure } from '../errors/failure.ts';
import { err, ok, type Result } from '../util/result.ts';
import { readBytes } from './malformed.ts';

/**
 * Class names of a file `emnist-…-mapping.txt`: a line has a label and the ASCII code of its character, for Letters
 * two codes (capital first, which is taken). Labels stand in order from `firstLabel` on.
 * Errors: a line that is anything else, with its place.
 */
export async function readMapping(file: string, firstLabel: number): Promise<Result<string[]>> {
  const bytes = await readBytes(file);
  if (!bytes.ok) return bytes;
  const classes: string[] = [];
  for (const [index, line] of bytes.value.toString('latin1').split('\n').entries()) {
    if (line.trim() === '') continue;
    const words = line.trim().split(/\s+/);
    const [label, code] = words.map(Number);
    const printable = code !== undefined && Number.isInteger(code) && code > 32 && code < 127;
    if (words.length > 3 || label !== classes.length + firstLabel || !printable) {
      const expected = classes.length + firstLabel;
      return err(
        failure('mapping-invalid', `"${line.trim().slice(0, 40)}" is not label ${expected} and an ASCII code`, {
          location: { file: basename(file), line: index + 1, column: 1 },
          hint: `labels stand in order, and codes are decimal: "${expected} 65" for A`,
        }),
      );
    }
    classes.push(String.fromCharCode(code));
  }
  return ok(classes);
}
