import { findRun } from '../plan/runs.ts';
import { addressOf, serveStore } from '../ui/serve-store.ts';
import { exitCodes } from './command-line.ts';
import { withExistingStore } from './open-store.ts';
import { printFailures } from './print-failure.ts';

/** `pipe ui`: serves the page until it is interrupted. */
export async function uiCommand(
  reference: string | undefined,
  options: { readonly port?: number; readonly store?: string },
): Promise<number> {
  const code = await withExistingStore(options.store, async (store) => {
    const run = reference === undefined ? undefined : findRun(store.layout, reference);
    if (run?.ok === false) {
      printFailures([run.error]);
      return exitCodes.usage;
    }
    const served = await serveStore(store, options.port ?? 0);
    if (!served.ok) {
      printFailures([served.error]);
      return exitCodes.usage;
    }
    process.stdout.write(`${addressOf(served.value, run?.value)}\n`);
    process.stderr.write('Open it in a browser of this machine. Ctrl-C ends it; runs go on.\n');
    await interrupted();
    await served.value.close();
    return exitCodes.done;
  });
  return code ?? exitCodes.usage;
}

/** Comes back when the user or the system asks to end. */
export function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}
