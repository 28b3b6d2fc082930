import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Failure, failure } from '../errors/failure.ts';
import { systemFailure } from '../errors/system.ts';
import { err, ok, type Result } from '../util/result.ts';

export type Malformed = { readonly ok: false; readonly error: Failure };

/** A failure about the content of a data file: its base name, what is wrong, and what would be right. */
export function malformed(code: string, file: string, what: string, hint?: string): Malformed {
  return { ok: false, error: failure(code, `${basename(file)} ${what}`, { hint }) };
}

/** The whole file in memory (at most 2 GiB, Node's limit). Errors: those of the disk, and an empty file. */
export async function readBytes(file: string): Promise<Result<Buffer>> {
  try {
    const bytes = await readFile(file);
    if (bytes.length === 0) return malformed('file-empty', file, 'is empty: it has 0 bytes', 'get the file again');
    return ok(bytes);
  } catch (problem) {
    return err(systemFailure(`cannot read ${basename(file)}`, problem));
  }
}
