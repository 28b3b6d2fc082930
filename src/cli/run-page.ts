import type { RunEvent } from '../events/event.ts';
import { openStore } from '../store/store.ts';
import { addressOf, serveStore } from '../ui/serve-store.ts';
import { ok, type Result } from '../util/result.ts';
import { interrupted } from './ui-command.ts';

/** The page beside a run. */
export interface RunPage {
  /** Says where the page is when the run has a name. */
  onEvent(event: RunEvent): void;
  /** Ends the page: on a terminal when the user says so, so that the end of the run can be looked at, else at once. */
  end(): Promise<void>;
}

/** Serves the page of a store, for `pipe run --ui`. Errors: the store cannot be used, or no port is free. */
export async function openRunPage(folder: string): Promise<Result<RunPage>> {
  // The run opens the store for itself, and says what it finds damaged.
  const store = openStore(folder, () => {});
  if (!store.ok) return store;
  const served = await serveStore(store.value, 0);
  if (!served.ok) {
    store.value.close();
    return served;
  }
  return ok({
    onEvent: (event) => {
      if (event.type === 'run-started') process.stderr.write(`Page: ${addressOf(served.value, event.run)}\n`);
    },
    end: async () => {
      if (process.stdout.isTTY) {
        process.stderr.write('The page stays until Ctrl-C.\n');
        await interrupted();
      }
      await served.value.close();
      store.value.close();
    },
  });
}
