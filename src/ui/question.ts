import type { Cell } from '../artifact/table-view.ts';
import { failure } from '../errors/failure.ts';
import type { PastRun } from '../plan/runs.ts';
import type { QueryLimits } from '../query/engine.ts';
import type { StageTable } from '../query/stage-tables.ts';
import type { Store } from '../store/store.ts';
import type { Json } from '../util/json.ts';
import { err, ok, type Result } from '../util/result.ts';

/** What takes long to answer, or much memory; the runs are named as the store names them. */
export type Question =
  | { readonly about: 'diff'; readonly runs: readonly [string, string] }
  | { readonly about: 'tables'; readonly run: string }
  | { readonly about: 'sql'; readonly run: string; readonly sql: string };

/** What came of each kind of question. */
export interface Answers {
  readonly diff: ComparedRuns;
  readonly tables: readonly TableName[];
  readonly sql: SqlAnswer;
}

/** How two runs differ. */
export interface ComparedRuns {
  readonly isSame: boolean;
  /** The diff as an HTML document of its own. */
  readonly document: string;
}

/** A table that SQL can ask. */
export interface TableName {
  readonly name: string;
  /** How many artifacts its rows come from. */
  readonly artifacts: number;
  readonly rows: number;
}

/** Rows that SQL gave. */
export interface SqlAnswer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  readonly hasMore: boolean;
  readonly seconds: number;
}

/** What SQL of the page may take of the machine: a run may be going on beside it. */
const limits: QueryLimits = { rows: 500, memory: 1e9, threads: 1 };
/** Types of numbers that come as texts, since they may be wider than JavaScript's. */
const wideNumber = /^(U?BIGINT|U?HUGEINT|DECIMAL\b.*)$/;
/** Characters of a text, and values of a list, that a cell shows. */
const mostCharacters = 500;
const mostValues = 8;

/** Answers a question. Errors: a run that left nothing; what the query engine does not take. */
export async function answerQuestion<Of extends Question>(
  store: Store,
  question: Of,
): Promise<Result<Answers[Of['about']]>> {
  return (await answerOf(store, question)) as Result<Answers[Of['about']]>;
}

async function answerOf(store: Store, question: Question): Promise<Result<Answers[keyof Answers]>> {
  switch (question.about) {
    case 'diff':
      return compare(store, question.runs);
    case 'tables': {
      const tables = await tablesOf(store, question.run);
      return tables.ok ? ok(tables.value.map(nameOf)) : tables;
    }
    case 'sql':
      return ask(store, question);
  }
}

async function pastRun(store: Store, id: string): Promise<Result<PastRun>> {
  const { readRun } = await import('../plan/runs.ts');
  const run = readRun(store.layout, id);
  return run === undefined ? err(failure('run-unreadable', `the run ${id} left nothing that can be read`)) : ok(run);
}

async function compare(store: Store, [first, second]: readonly [string, string]): Promise<Result<ComparedRuns>> {
  const before = await pastRun(store, first);
  if (!before.ok) return before;
  const after = await pastRun(store, second);
  if (!after.ok) return after;
  const { diffRuns } = await import('../diff/run-diff.ts');
  const { sideOf } = await import('../diff/diff-sides.ts');
  const { diffDocument } = await import('../terminal/diff-document.ts');
  const diff = diffRuns(store, before.value, after.value, { stages: [], tolerance: { absolute: 0, relative: 0 } });
  return ok({
    isSame: diff.stages.every(({ status }) => status === 'same' || status === 'again'),
    document: diffDocument(store, diff, [sideOf(before.value), sideOf(after.value)]),
  });
}

async function tablesOf(store: Store, id: string): Promise<Result<StageTable[]>> {
  const run = await pastRun(store, id);
  if (!run.ok) return run;
  const { stageTables } = await import('../query/stage-tables.ts');
  return ok(stageTables(store, [run.value]));
}

function nameOf({ name, parts }: StageTable): TableName {
  return { name, artifacts: parts.length, rows: parts.reduce((sum, { output }) => sum + output.rows, 0) };
}

async function ask(store: Store, { run, sql }: Extract<Question, { about: 'sql' }>): Promise<Result<SqlAnswer>> {
  const stages = await tablesOf(store, run);
  if (!stages.ok) return stages;
  const { answerQuery } = await import('../query/engine.ts');
  const begun = performance.now();
  const answer = await answerQuery(sql, store, { stages: stages.value, values: [] }, limits);
  if (!answer.ok) {
    // The page lists the tables itself; what the terminal would tell is no help there.
    const { hint: _, ...problem } = answer.error;
    return err(answer.error.code === 'query' ? problem : answer.error);
  }
  const { columns, types, rows, hasMore } = answer.value;
  const isNumber = types.map((type) => wideNumber.test(type));
  const seconds = (performance.now() - begun) / 1000;
  return ok({
    columns,
    rows: rows.map((row) => row.map((value, place) => cellOf(value, isNumber[place] === true))),
    hasMore,
    seconds,
  });
}

/** A value as the page shows it: whatever was asked for, an answer stays small. */
function cellOf(value: Json, isNumber: boolean): Cell {
  if (isNumber && typeof value === 'string' && Math.abs(Number(value)) <= Number.MAX_SAFE_INTEGER) return Number(value);
  if (value === null || typeof value === 'number') return value;
  if (Array.isArray(value) && value.every((one) => typeof one === 'number' || one === null))
    return { values: value.slice(0, mostValues), length: value.length };
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text;
}
