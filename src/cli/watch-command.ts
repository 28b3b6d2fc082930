import { join } from 'node:path';
import { failure } from '../errors/failure.ts';
import { journalFile, liveFile } from '../events/journal.ts';
import { followEvents, readEvents } from '../events/read-journal.ts';
import { listRuns } from '../history/run-list.ts';
import { stagesOf } from '../history/run-stages.ts';
import { findRun } from '../plan/runs.ts';
import type { Store } from '../store/store.ts';
import { createReporter, type LogLevel } from '../terminal/reporter.ts';
import { wantsColors } from './colors.ts';
import { exitCodes } from './command-line.ts';
import { withExistingStore } from './open-store.ts';
import { printFailures } from './print-failure.ts';
import { terminalMode } from './terminal-mode.ts';

interface WatchOptions {
  readonly json?: boolean;
  readonly logLevel: LogLevel;
  readonly store?: string;
}

/** How many runs are looked through for one that goes on. */
const lookBack = 20;

/** `pipe watch`: shows a run that goes on in another process, until it ends. Ctrl-C ends the watching only. */
export async function watchCommand(reference: string | undefined, options: WatchOptions): Promise<number> {
  const code = await withExistingStore(options.store, async (store) => {
    const run = reference === undefined ? newestLiving(store) : findRun(store.layout, reference);
    if (!run.ok) {
      printFailures([run.error]);
      return exitCodes.usage;
    }
    return watchRun(store, run.value, options);
  });
  return code ?? exitCodes.usage;
}

function newestLiving(store: Store) {
  const living = listRuns(store, lookBack).find(({ status }) => status === 'running');
  if (living !== undefined) return { ok: true as const, value: living.id };
  const hint = 'pipe runs lists those that were; pipe watch @1 shows the newest one';
  return { ok: false as const, error: failure('run-none', 'no run goes on in this store', { hint }) };
}

async function watchRun(store: Store, run: string, options: WatchOptions): Promise<number> {
  const folder = store.layout.run(run);
  const reporter = await createReporter({
    mode: terminalMode(options),
    logLevel: options.logLevel,
    stages: stagesOf(readEvents(join(folder, journalFile))),
    out: process.stdout,
    colors: wantsColors(),
  });
  const stop = new AbortController();
  const onInterrupt = (): void => stop.abort();
  process.on('SIGINT', onInterrupt);
  let status: string | undefined;
  try {
    const paths = [join(folder, journalFile), join(folder, liveFile)];
    for await (const event of followEvents(paths, () => !store.leases.isLiving(run), stop.signal)) {
      reporter.onEvent(event);
      if (event.type === 'run-finished') status = event.status;
    }
    if (status === undefined) reporter.close();
    else reporter.end([]);
  } finally {
    reporter.close();
    process.removeListener('SIGINT', onInterrupt);
  }
  if (stop.signal.aborted) {
    process.stderr.write('No longer watching; the run goes on.\n');
    return exitCodes.interrupted;
  }
  if (status === undefined) {
    process.stderr.write(`The run ${run} was killed: run the pipeline again to go on from there.\n`);
    return exitCodes.failed;
  }
  return status === 'done' ? exitCodes.done : status === 'failed' ? exitCodes.failed : exitCodes.interrupted;
}
