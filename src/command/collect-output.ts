import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { TableData } from '../artifact/column.ts';
import { failure } from '../errors/failure.ts';
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
 * content. Errors: a link, a device or a socket (its content is not in the folder), a name that cannot be kept.
 */
export function collectOutput(folder: string): Result<TableData> {
  const names = filesBelow(folder, '');
  if (!names.ok) return names;
  const sorted = names.value.sort();
  return ok({
    columns: [
      { name: 'name', kind: 'text', values: sorted },
      {
        name: 'media_type',
        kind: 'text',
        values: sorted.map((name) => mediaTypes[extname(name).toLowerCase()] ?? 'application/octet-stream'),
      },
      { name: 'content', kind: 'binary', values: sorted.map((name) => readFileSync(join(folder, name))) },
    ],
  });
}

function filesBelow(folder: string, prefix: string): Result<string[]> {
  const found: string[] = [];
  for (const entry of readdirSync(join(folder, prefix))) {
    const name = `${prefix}${entry}`;
    const stats = lstatSync(join(folder, name));
    if (stats.isDirectory()) {
      const below = filesBelow(folder, `${name}/`);
      if (!below.ok) return below;
      found.push(...below.value);
    } else if (!stats.isFile() || !safeFileName(name)) {
      const hint = 'an artifact keeps contents: write plain files into PIPE_OUTPUT';
      return err(
        failure('command-output', `the program left ${JSON.stringify(name)}, which is no plain file`, { hint }),
      );
    } else found.push(name);
  }
  return ok(found);
}
