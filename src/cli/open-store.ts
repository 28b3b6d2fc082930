import { existsSync } from 'node:fs';
import { failure } from '../errors/failure.ts';
import { projectAbove } from '../pipeline/project.ts';
import { openStore, type Store } from '../store/store.ts';
import { printFailures } from './print-failure.ts';
import { storeFolder } from './store-folder.ts';

/** Opens the store of a command that needs no pipeline, and closes it after the action; undefined where it cannot be used. */
export async function withStore(
  asked: string | undefined,
  action: (store: Store) => number | Promise<number>,
): Promise<number | undefined> {
  const opened = openStore(storeFolder(asked, projectAbove('.')), (what) => process.stderr.write(`${what}\n`));
  if (!opened.ok) {
    printFailures([opened.error]);
    return undefined;
  }
  try {
    return await action(opened.value);
  } finally {
    opened.value.close();
  }
}

/** The same for commands that only read: where there is no store they make none, a mistyped name would be one. */
export async function withExistingStore(
  asked: string | undefined,
  action: (store: Store) => number | Promise<number>,
): Promise<number | undefined> {
  const folder = storeFolder(asked, projectAbove('.'));
  if (existsSync(folder)) return withStore(asked, action);
  const hint = 'pipe run FILE makes one; --store names another store';
  printFailures([failure('store-none', `there is no run in this store yet: ${folder} is not there`, { hint })]);
  return undefined;
}
