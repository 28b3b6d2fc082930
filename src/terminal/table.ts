import type { Json } from '../util/json.ts';
import type { WidthOf } from './clip.ts';
import { columns as aligned, widthsOf } from './columns.ts';
import { harmless } from './format.ts';

/** Rows with the names of their columns. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Json[])[];
}

/** Characters of a value that a table for people shows. */
const widest = 60;

/** A table for people: numbers stand right and have six digits, long values are cut. */
export function tableLines({ columns, rows }: Table, widthOf: WidthOf): string[] {
  const shown = rows.map((row) =>
    row.map((value) => {
      const plain = harmless(typeof value === 'number' ? rounded(value) : cellText(value)).replaceAll(/\s+/g, ' ');
      return plain.length > widest ? `${plain.slice(0, widest - 1)}…` : plain;
    }),
  );
  const numbers = columns.flatMap((_, place) =>
    rows.every((row) => typeof row[place] === 'number' || row[place] === null) ? [place] : [],
  );
  const table = [columns.map(harmless), ...shown];
  const rule = widthsOf(table, widthOf).map((width) => '─'.repeat(width));
  const [head = '', ...body] = aligned(table, new Set(numbers), widthOf);
  return [head, rule.join('  '), ...body];
}

/** The table as CSV (RFC 4180): all digits, nothing cut. */
export function csvText({ columns, rows }: Table): string {
  const field = (value: string): string => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  return [columns, ...rows.map((row) => row.map(cellText))].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

/** The rows as objects. */
export function rowObjects({ columns, rows }: Table): Record<string, Json>[] {
  return rows.map((row) => Object.fromEntries(columns.map((name, place) => [name, row[place] ?? null])));
}

function cellText(value: Json | undefined): string {
  return value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
}

function rounded(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}
