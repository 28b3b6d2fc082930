import { listRuns } from '../history/run-list.ts';
import { runLines } from '../terminal/run-lines.ts';
import { outputColors } from './colors.ts';
import { exitCodes } from './command-line.ts';
import { withStore } from './open-store.ts';

interface RunsOptions {
  readonly limit: number;
  readonly all: boolean;
  readonly pipeline?: string;
  readonly store?: string;
  readonly json?: boolean;
}

/** `pipe runs`. */
export async function runsCommand(options: RunsOptions): Promise<number> {
  const code = await withStore(options.store, (store) => {
    const runs = listRuns(store, options.all ? Number.POSITIVE_INFINITY : options.limit, options.pipeline);
    if (options.json === true) {
      process.stdout.write(`${JSON.stringify({ schema: 'pipe.runs/1', runs }, null, 2)}\n`);
      return exitCodes.done;
    }
    const none =
      options.pipeline === undefined
        ? 'There is no run in this store yet: pipe run FILE makes one, --store names another store.'
        : `There is no run of a pipeline "${options.pipeline}" in this store.`;
    const lines = runs.length === 0 ? [none] : runLines(runs, outputColors());
    process.stdout.write(`${lines.join('\n')}\n`);
    return exitCodes.done;
  });
  return code ?? exitCodes.usage;
}
