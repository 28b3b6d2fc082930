import { type ComponentChild, h } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { grouped, plural } from '../../terminal/format.ts';
import type { SqlAnswer, TableName } from '../question.ts';
import { CellTable } from './cell-table.ts';
import { useJson } from './hooks.ts';
import { ProblemBox } from './problem-box.ts';
import { type Problem, postJson } from './request.ts';

/** A box for SQL over the artifacts of a run. It can only read: the tables are views of files that nothing changes. */
export function SqlPanel({ run }: { readonly run: string }): ComponentChild {
  const { value: tables } = useJson<readonly TableName[]>(`/api/runs/${run}/tables`);
  const [sql, setSql] = useState('');
  const [answer, setAnswer] = useState<SqlAnswer>();
  const [problem, setProblem] = useState<Problem>();
  const asking = useRef<AbortController | undefined>(undefined);
  const [isAsking, setIsAsking] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const ask = async (): Promise<void> => {
    if (sql.trim() === '') return;
    asking.current?.abort();
    const own = new AbortController();
    asking.current = own;
    setIsAsking(true);
    setProblem(undefined);
    const got = await postJson<SqlAnswer>(`/api/runs/${run}/sql`, { sql }, own.signal);
    // Another question has been asked meanwhile, or this one was given up.
    if (asking.current !== own || own.signal.aborted) return;
    setIsAsking(false);
    setAnswer(got.ok ? got.value : undefined);
    setProblem(got.ok ? undefined : got.problem);
  };
  const giveUp = (): void => {
    asking.current?.abort();
    setIsAsking(false);
  };
  const choose = (name: string): void => {
    setSql(`SELECT * FROM ${quoted(name)} LIMIT 100`);
    field.current?.focus();
  };
  return h(
    'section',
    { class: 'sql', 'aria-labelledby': 'sql-title' },
    h(
      'div',
      { class: 'panel-head' },
      h('h2', { id: 'sql-title' }, 'SQL'),
      h('p', { class: 'soft' }, 'over the artifacts of this run; it can only read'),
    ),
    h(
      'form',
      {
        onSubmit: (event: Event) => {
          event.preventDefault();
          void ask();
        },
      },
      h('textarea', {
        ref: field,
        'aria-label': 'SQL',
        'aria-describedby': 'sql-keys',
        rows: 4,
        spellcheck: false,
        placeholder: "SELECT stage, value FROM evaluate_metrics WHERE metric = 'accuracy'",
        value: sql,
        onInput: (event: Event) => setSql((event.currentTarget as HTMLTextAreaElement).value),
        onKeyDown: (event: KeyboardEvent) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          void ask();
        },
      }),
      h(
        'p',
        { class: 'choices' },
        h('button', { type: 'submit', disabled: sql.trim() === '' || isAsking }, 'Ask'),
        isAsking ? h('button', { type: 'button', onClick: giveUp }, 'Give up') : undefined,
        h('span', { class: 'soft', id: 'sql-keys' }, h('kbd', {}, 'Ctrl'), ' ', h('kbd', {}, 'Enter'), ' asks too'),
        h('span', { role: 'status', class: 'soft' }, statusOf(isAsking, answer)),
      ),
    ),
    h(Tables, { tables, onChoose: choose }),
    problem === undefined ? undefined : h(ProblemBox, { problem }),
    answer === undefined || answer.columns.length === 0
      ? undefined
      : h(CellTable, {
          label: 'Answer to the SQL',
          columns: answer.columns.map((name) => ({ name })),
          rows: answer.rows,
        }),
  );
}

function statusOf(isAsking: boolean, answer: SqlAnswer | undefined): string {
  if (isAsking) return 'asking …';
  if (answer === undefined) return '';
  const { rows, hasMore, seconds } = answer;
  const count = hasMore ? `the first ${grouped(rows.length)} rows; there are more` : plural(rows.length, 'row');
  return `${count}, ${seconds.toFixed(2)} s`;
}

function Tables({
  tables,
  onChoose,
}: {
  readonly tables: readonly TableName[] | undefined;
  onChoose(name: string): void;
}): ComponentChild {
  if (tables === undefined || tables.length === 0) return undefined;
  return h(
    'details',
    { class: 'tables' },
    h('summary', {}, plural(tables.length, 'table')),
    h(
      'ul',
      {},
      tables.map(({ name, artifacts, rows }) =>
        h(
          'li',
          { key: name },
          h('button', { type: 'button', class: 'plain', onClick: () => onChoose(name) }, h('code', {}, name)),
          h(
            'span',
            { class: 'soft' },
            ` ${plural(rows, 'row')}${artifacts > 1 ? ` of ${grouped(artifacts)} artifacts` : ''}`,
          ),
        ),
      ),
    ),
  );
}

/** A name as SQL has it: in quotes where it is not a plain word. */
function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
