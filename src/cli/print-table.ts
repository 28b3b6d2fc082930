import { csvText, rowObjects, type Table, tableLines } from '../terminal/table.ts';

/** How a table is asked for. */
export interface TableOptions {
  readonly csv?: boolean;
  readonly json?: boolean;
}

/** Prints a table for people, as CSV, or as JSON under the name of its schema. `foot`: a line below it for people. */
export async function printTable(table: Table, { csv, json }: TableOptions, schema: string, foot = ''): Promise<void> {
  if (json === true) {
    const facts = { schema, columns: table.columns, rows: rowObjects(table) };
    process.stdout.write(`${JSON.stringify(facts, null, 2)}\n`);
    return;
  }
  if (csv === true) {
    process.stdout.write(csvText(table));
    return;
  }
  const { default: widthOf } = await import('string-width');
  process.stdout.write(`${[...tableLines(table, widthOf), ...(foot === '' ? [] : [foot])].join('\n')}\n`);
}
