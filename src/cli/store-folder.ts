import { join, resolve } from 'node:path';

/** Folder of the store: as asked for, else `artifacts/` of the project. */
export function storeFolder(asked: string | undefined, root: string): string {
  return asked === undefined ? join(root, 'artifacts') : resolve(asked);
}
