import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { failure } from '../errors/failure.ts';
import { systemFailure } from '../errors/system.ts';
import { journalFile } from '../events/journal.ts';
import { readEvents } from '../events/read-journal.ts';
import { traceOf } from '../history/trace.ts';
import { findRun } from '../plan/runs.ts';
import { exitCodes } from './command-line.ts';
import { withExistingStore } from './open-store.ts';
import { printFailures } from './print-failure.ts';

/** `pipe trace`. */
export async function traceCommand(
  reference: string | undefined,
  options: { readonly output?: string; readonly store?: string },
): Promise<number> {
  const code = await withExistingStore(options.store, (store) => {
    const run = findRun(store.layout, reference ?? '@1');
    if (!run.ok) {
      printFailures([run.error]);
      return exitCodes.usage;
    }
    const trace = traceOf(readEvents(join(store.layout.run(run.value), journalFile)));
    if (trace.traceEvents.length === 0) {
      const hint = 'pipe runs lists the runs that have one';
      printFailures([failure('trace-none', `the run ${run.value} left no journal to draw`, { hint })]);
      return exitCodes.usage;
    }
    const file = options.output ?? `trace-${run.value.slice(-8)}.json`;
    const text = `${JSON.stringify(trace)}\n`;
    if (file === '-') {
      process.stdout.write(text);
      return exitCodes.done;
    }
    try {
      writeFileSync(file, text);
    } catch (problem) {
      printFailures([systemFailure(`cannot write ${file}`, problem)]);
      return exitCodes.usage;
    }
    process.stdout.write(
      `${file}: ${trace.traceEvents.length} events; open it in ui.perfetto.dev or chrome://tracing\n`,
    );
    return exitCodes.done;
  });
  return code ?? exitCodes.usage;
}
