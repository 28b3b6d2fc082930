import { lstatSync, readdirSync, readFileSync, type Stats } from 'node:fs';
import { extname, join } from 'node:path';
import type { TableData } from '../artifact/column.ts';
import { type Failure, failure } from '../errors/failure.ts';
import { systemFailure } from '../errors/system.ts';
import { err, ok, type Result } from '../util/result.ts';
import { safeFileName } from './file-name.ts';

const mediaTypes: Readonly<Record<string, string>> = {
  '.arrow': 'application/vnd.apache.arrow.file',
  '.csv': 'text/csv',
  '.html': 'text/html',
  '.json': 'application/json',
  '.md': 'text/markdown',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
};

/**
 * What a program wrote below a folder, as the rows of a blob: name (relative, with /, sorted by code unit), media type by extension,
 * content. Errors: a link, a device or a socket (its content is not in the folder), a name that cannot be kept, a file
 * that cannot be read or is larger than a row can be.
 */
export function collectOutput(folder: string): Result<TableData> {
  try {
    const names = filesBelow(folder, '');
    if (!names.ok) return names;
    const sorted = names.value.sort();
    const types = sorted.map((name) => mediaTypes[extname(name).toLowerCase()] ?? 'application/octet-stream');
    const contents = sorted.map((name) => readFileSync(join(folder, name)));
    return ok({
      columns: [
        { name: 'name', kind: 'text', values: sorted },
        { name: 'media_type', kind: 'text', values: types },
        { name: 'content', kind: 'binary', values: contents },
      ],
    });
  } catch (problem) {
    return err(
      systemFailure('cannot keep what the program wrote', problem, 'leave PIPE_OUTPUT and its files readable'),
    );
  }
}

function filesBelow(folder: string, prefix: string): Result<string[]> {
  const found: string[] = [];
  for (const entry of readdirSync(join(folder, prefix))) {
    const name = `${prefix}${entry}`;
    const stats = lstatSync(join(folder, name), { throwIfNoEntry: false });
    if (stats?.isDirectory() === true) {
      const below = filesBelow(folder, `${name}/`);
      if (!below.ok) return below;
      found.push(...below.value);
      continue;
    }
    const mistake = fileMistake(name, stats);
    if (mistake !== undefined) return err(mistake);
    found.push(name);
  }
  return ok(found);
}

/** Bytes of a row of an Arrow column whose offsets have 32 bits, and of a file that Node reads at once. */
const largestFile = 2 ** 31 - 1;

function fileMistake(name: string, stats: Stats | undefined): Failure | undefined {
  const left = (what: string, hint: string): Failure =>
    failure('command-output', `the program left ${JSON.stringify(name)}, ${what}`, { hint });
  // Node reads names as UTF-8: one that is not leads nowhere.
  if (stats === undefined || !safeFileName(name))
    return left('a name that an artifact cannot keep', 'use UTF-8 without control characters and backslashes');
  if (!stats.isFile())
    return left('which is no plain file', 'an artifact keeps contents: write plain files into PIPE_OUTPUT');
  if (stats.size > largestFile)
    return left(`which has ${stats.size} bytes; an artifact holds files below 2 GiB`, 'write it in several files');
  return undefined;
}
