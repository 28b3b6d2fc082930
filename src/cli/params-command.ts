import { paramsOfRuns } from '../history/run-params.ts';
import { exitCodes } from './command-line.ts';
import { withExistingStore } from './open-store.ts';
import { pickRuns } from './pick-runs.ts';
import { printFailures } from './print-failure.ts';
import { printTable, type TableOptions } from './print-table.ts';

interface ParamsOptions extends TableOptions {
  readonly all: boolean;
  readonly limit: number;
  readonly pipeline?: string;
  readonly store?: string;
}

/** `pipe params`: the parameters of runs side by side, those that differ; of one run all of them. */
export async function paramsCommand(references: readonly string[], options: ParamsOptions): Promise<number> {
  const code = await withExistingStore(options.store, async (store) => {
    const picked = pickRuns(store, references, options);
    if (!picked.ok) {
      printFailures([picked.error]);
      return exitCodes.usage;
    }
    const runs = picked.value.map(({ run }) => run);
    const all = options.all || runs.length === 1;
    const rows = paramsOfRuns(runs, { all }).map(({ name, values }) => [name, ...values.map((value) => value ?? null)]);
    const people = options.csv !== true && options.json !== true;
    const columns = ['parameter', ...picked.value.map(({ run, label }) => (people ? label : run.id))];
    const foot = rows.length === 0 ? `These ${runs.length} runs have the same parameters; --all lists them.` : '';
    await printTable({ columns, rows }, options, 'pipe.params/1', foot);
    return exitCodes.done;
  });
  return code ?? exitCodes.usage;
}
