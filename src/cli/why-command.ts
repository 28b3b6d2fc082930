import pc from 'picocolors';
import { projectAbove } from '../pipeline/project.ts';
import { explainStages } from '../plan/why.ts';
import { openStore } from '../store/store.ts';
import { whyLines } from '../terminal/why-lines.ts';
import { exitCodes } from './command-line.ts';
import { printFailures } from './print-failure.ts';
import { storeFolder } from './store-folder.ts';

/** `pipe why`. */
export async function whyCommand(
  reference: string,
  options: { readonly store?: string; readonly json?: boolean },
): Promise<number> {
  const store = openStore(storeFolder(options.store, projectAbove('.')), (what) => process.stderr.write(`${what}\n`));
  if (!store.ok) {
    printFailures([store.error]);
    return exitCodes.usage;
  }
  const explained = explainStages(store.value, reference);
  store.value.close();
  if (!explained.ok) {
    printFailures([explained.error]);
    return exitCodes.usage;
  }
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify({ schema: 'pipe.why/1', stages: explained.value }, null, 2)}\n`);
    return exitCodes.done;
  }
  const colors = pc.createColors(process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined);
  process.stdout.write(`${whyLines(explained.value, colors).join('\n')}\n`);
  return exitCodes.done;
}
