import { explainStages } from '../plan/why.ts';
import { whyLines } from '../terminal/why-lines.ts';
import { outputColors } from './colors.ts';
import { exitCodes } from './command-line.ts';
import { withStore } from './open-store.ts';
import { printFailures } from './print-failure.ts';

/** `pipe why`. */
export async function whyCommand(
  reference: string,
  options: { readonly store?: string; readonly json?: boolean },
): Promise<number> {
  const code = await withStore(options.store, (store) => {
    const explained = explainStages(store, reference);
    if (!explained.ok) {
      printFailures([explained.error]);
      return exitCodes.usage;
    }
    const facts = { schema: 'pipe.why/1', stages: explained.value };
    const text =
      options.json === true ? JSON.stringify(facts, null, 2) : whyLines(explained.value, outputColors()).join('\n');
    process.stdout.write(`${text}\n`);
    return exitCodes.done;
  });
  return code ?? exitCodes.usage;
}
