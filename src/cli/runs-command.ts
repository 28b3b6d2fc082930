import { existsSync } from 'node:fs';
import { type ListedRun, listRuns } from '../history/run-list.ts';
import { projectAbove } from '../pipeline/project.ts';
import type { Store } from '../store/store.ts';
import { runLines } from '../terminal/run-lines.ts';
import { suggestion } from '../util/suggest.ts';
import { outputColors } from './colors.ts';
import { exitCodes } from './command-line.ts';
import { withExistingStore } from './open-store.ts';
import { storeFolder } from './store-folder.ts';

interface RunsOptions {
  readonly limit: number;
  readonly all: boolean;
  readonly pipeline?: string;
  readonly store?: string;
  readonly json?: boolean;
}

const noRuns = 'There is no run in this store yet: pipe run FILE makes one, --store names another store.';

/** How many runs are looked through for a pipeline's name that somebody may have meant. */
const lookBack = 200;

/** `pipe runs`. */
export async function runsCommand(options: RunsOptions): Promise<number> {
  // A project that never ran has no store: that is no mistake, as long as nobody named one.
  if (options.store === undefined && !existsSync(storeFolder(undefined, projectAbove('.')))) {
    await print([], noRuns, options);
    return exitCodes.done;
  }
  const code = await withExistingStore(options.store, async (store) => {
    const runs = listRuns(store, options.all ? Number.POSITIVE_INFINITY : options.limit, options.pipeline);
    await print(runs, runs.length === 0 ? noneText(store, options.pipeline) : '', options);
    return exitCodes.done;
  });
  return code ?? exitCodes.usage;
}

function noneText(store: Store, pipeline: string | undefined): string {
  if (pipeline === undefined) return noRuns;
  const known = [...new Set(listRuns(store, lookBack).map((run) => run.pipeline))];
  return `There is no run of a pipeline "${pipeline}" in this store: ${suggestion(pipeline, known)}`;
}

async function print(runs: readonly ListedRun[], none: string, { json }: RunsOptions): Promise<void> {
  if (json === true) {
    process.stdout.write(`${JSON.stringify({ schema: 'pipe.runs/1', runs }, null, 2)}\n`);
    return;
  }
  const { default: widthOf } = await import('string-width');
  const space = { columns: process.stdout.columns ?? Number.POSITIVE_INFINITY, widthOf };
  const lines = runs.length === 0 ? [none] : runLines(runs, space, Date.now(), outputColors());
  process.stdout.write(`${lines.join('\n')}\n`);
}
