import { listRuns } from '../history/run-list.ts';
import { answerQuery, type QueryAnswer, type ValueTable } from '../query/engine.ts';
import { newestRuns, stageTables } from '../query/stage-tables.ts';
import type { Store } from '../store/store.ts';
import { columns as aligned, widthsOf } from '../terminal/columns.ts';
import { harmless } from '../terminal/format.ts';
import type { Json } from '../util/json.ts';
import { exitCodes } from './command-line.ts';
import { withExistingStore } from './open-store.ts';
import { printFailures } from './print-failure.ts';

interface QueryOptions {
  readonly runs: number;
  readonly store?: string;
  readonly csv?: boolean;
  readonly json?: boolean;
}

/** Characters of a value that a table for people shows. */
const widest = 60;

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
    process.stdout.write(await written(answer.value, options));
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

async function written(answer: QueryAnswer, { csv, json }: QueryOptions): Promise<string> {
  const { columns, rows } = answer;
  if (json === true) {
    const objects = rows.map((row) => Object.fromEntries(columns.map((name, place) => [name, row[place] ?? null])));
    return `${JSON.stringify({ schema: 'pipe.query/1', columns, rows: objects }, null, 2)}\n`;
  }
  const text = (value: Json | undefined): string =>
    value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  if (csv === true) {
    const field = (value: string): string => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
    return [columns, ...rows.map((row) => row.map(text))].map((row) => `${row.map(field).join(',')}\r\n`).join('');
  }
  const { default: widthOf } = await import('string-width');
  const shown = rows.map((row) =>
    row.map((value) => {
      const plain = harmless(typeof value === 'number' ? rounded(value) : text(value)).replaceAll(/\s+/g, ' ');
      return plain.length > widest ? `${plain.slice(0, widest - 1)}…` : plain;
    }),
  );
  const numbers = columns.flatMap((_, place) =>
    rows.every((row) => typeof row[place] === 'number' || row[place] === null) ? [place] : [],
  );
  const table = [columns.map(harmless), ...shown];
  const rule = widthsOf(table, widthOf).map((width) => '─'.repeat(width));
  const [head = '', ...body] = aligned(table, new Set(numbers), widthOf);
  const count = `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}`;
  return `${[head, rule.join('  '), ...body, count].join('\n')}\n`;
}

/** Six digits are enough to read; --csv and --json have them all. */
function rounded(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}
