import { listRuns } from '../history/run-list.ts';
import { answerQuery, type ValueTable } from '../query/engine.ts';
import { newestRuns, stageTables } from '../query/stage-tables.ts';
import type { Store } from '../store/store.ts';
import { plural } from '../terminal/format.ts';
import { exitCodes } from './command-line.ts';
import { withExistingStore } from './open-store.ts';
import { printFailures } from './print-failure.ts';
import { printTable, type TableOptions } from './print-table.ts';

interface QueryOptions extends TableOptions {
  readonly runs: number;
  readonly store?: string;
}

/** `pipe query`. Without SQL it lists the tables. */
export async function queryCommand(sql: string | undefined, options: QueryOptions): Promise<number> {
  const code = await withExistingStore(options.store, async (store) => {
    const runs = newestRuns(store, options.runs);
    const stages = stageTables(store, runs);
    const values = runTables(store, options.runs, runs);
    const text = sql ?? tablesQuery(stages.map(({ name, parts }) => [name, parts.length]));
    const answer = await answerQuery(text, store, { stages, values });
    if (!answer.ok) {
      printFailures([answer.error]);
      return exitCodes.usage;
    }
    const { length } = answer.value.rows;
    await printTable(answer.value, options, 'pipe.query/1', plural(length, 'row'));
    return exitCodes.done;
  });
  return code ?? exitCodes.usage;
}

/** The runs themselves and their parameters, as tables of their own. */
function runTables(store: Store, most: number, runs: ReturnType<typeof newestRuns>): ValueTable[] {
  const listed = listRuns(store, most);
  return [
    {
      name: 'runs',
      columns: [
        { name: 'number', type: 'INTEGER' },
        { name: 'run', type: 'VARCHAR' },
        { name: 'pipeline', type: 'VARCHAR' },
        { name: 'profile', type: 'VARCHAR' },
        { name: 'status', type: 'VARCHAR' },
        { name: 'started', type: 'TIMESTAMP' },
        { name: 'seconds', type: 'DOUBLE' },
      ],
      rows: listed.map(({ number, id, pipeline, profile, status, started, seconds }) => [
        number,
        id,
        pipeline,
        profile,
        status,
        new Date(started).toISOString().replace('T', ' ').replace('Z', ''),
        seconds ?? null,
      ]),
    },
    {
      name: 'params',
      columns: [
        { name: 'run', type: 'VARCHAR' },
        { name: 'name', type: 'VARCHAR' },
        { name: 'value', type: 'VARCHAR' },
      ],
      rows: runs.flatMap(({ id, params }) =>
        Object.entries(params).map(([name, value]) => [
          id,
          name,
          typeof value === 'string' ? value : JSON.stringify(value),
        ]),
      ),
    },
  ];
}

function tablesQuery(stages: readonly (readonly [string, number])[]): string {
  const rows = [['runs', 0], ['params', 0], ...stages].map(([name, count]) => `('${name}', ${count})`);
  return `SELECT * FROM (VALUES ${rows.join(', ')}) AS tables("table", artifacts)`;
}
