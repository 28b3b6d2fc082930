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
